"""Runs that are too long to keep: a judge beside the run folds and drops, and everything that is asked later is still answered."""

import json
import os
import shutil
import signal
import subprocess

import psutil
import pytest

from harness.base.bits import digest, timeless
from harness.evidence import manifest
from harness.evidence.archive import Archive
from harness.evidence.index import IndexLine, append_lines, read_index, weight_bytes
from tests.fakes.command import GONOGO, environment, gonogo

BOUND = 16 << 20
SCENARIO = '''
"""A random flow whose history is bounded."""
from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.pacing import {pacing}
from harness.scenario import Scenario

SCENARIO = Scenario(
    about="long", flow=PoissonFlow(), instrument=Drive(commands={commands}), pacing={pacing}({rate}), history_bytes={bound},
    checks=("gate_0", "alive", "answered_once", "numbering", "trade_price", "determinism", "throughput"),
)
'''
POLICY = """
schema = 1
default_use = "venue"
[use.venue]
required = ["alive", "answered_once", "numbering", "trade_price"]
[use.venue.least]
trade_price = 100
"""
LONG, ENDLESS = {"commands": 80_000}, {"commands": 10**9}


class Site:
    """A folder with a policy, a scenario and the runs of it."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "policy.toml").write_text(POLICY)
        self.run = folder / "runs" / "long" / "latest"
        self.place = self.run / "scenarios" / "long"

    def words(self, *, commands, pacing="Unpaced", rate="", engine="plain"):
        text = SCENARIO.format(commands=commands, pacing=pacing, rate=rate, bound=BOUND)
        (self.folder / "long.py").write_text(text)
        return ("run", "long.py", "--engine", engine, "--policy", "policy.toml")

    def drive(self, **given):
        return gonogo(*self.words(**given), cwd=self.folder)

    def start(self):
        """An endless run, once its judge has dropped what nothing gives again; and the judge."""
        process = subprocess.Popen(
            [GONOGO, *self.words(**ENDLESS)], cwd=self.folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )  # fmt: skip
        while not self.run.exists() or self.gone() != "events":
            assert process.poll() is None, process.stdout.read().decode()
        (judge,) = psutil.Process(process.pid).children()
        assert "harness.compose.following" in judge.cmdline()
        return process, judge

    def gone(self):
        return Archive(self.run).gone("long") if self.place.exists() else "nothing"

    def judge(self, *, fresh=False):
        return gonogo("judge", "runs/long", cwd=self.folder, fresh=fresh)

    def verdict(self):
        return json.loads((self.run / "verdict.json").read_text())

    def told(self, key):
        return {check["name"]: check[key] for check in self.verdict()["checks"]}


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)


@pytest.fixture(scope="module")
def driven(tmp_path_factory):
    """A long run that was made once, and what its command said."""
    made = Site(tmp_path_factory.mktemp("driven"))
    return made, made.drive(**LONG)


@pytest.fixture
def long(driven, tmp_path):
    """A copy of it."""
    shutil.copytree(driven[0].folder, tmp_path, symlinks=True, dirs_exist_ok=True)
    return Site(tmp_path)


def test_a_long_run_is_judged_from_its_facts_within_its_bound_and_judging_again_gives_the_same_bytes(driven, long):
    _, done = driven
    assert done.returncode == 0, done.stdout + done.stderr
    assert long.gone() == "events"
    assert 0 < weight_bytes(long.place / "history") < BOUND
    assert [path.name for path in (long.place / "history").iterdir() if path.is_dir()] == [], "no spare file is left"
    assert long.told("seen")["alive"] == 80_000
    assert set(long.told("basis").values()) == {"facts"}
    before = (long.run / "verdict.json").read_bytes()
    (long.run / "verdict.json").unlink()
    assert long.judge(fresh=True).returncode == 0
    assert (long.run / "verdict.json").read_bytes() == before
    assert "judged from the facts that the run left" in (long.run / "report.html").read_text()


def test_the_history_around_an_early_finding_is_kept_told_and_replayed(site):
    done = site.drive(**LONG, engine="taker_price")
    assert done.returncode == 1, done.stdout + done.stderr
    (finding,) = (one for one in site.verdict()["findings"] if one["check"] == "trade_price")
    assert finding["first_command"] < 4_096
    lines = read_index(site.place / "history")
    kept = sorted(name for name, line in lines.items() if line.kept)
    assert kept[:4] == ["000001.commands", "000001.events", "000002.commands", "000002.events"]
    assert not lines["000003.commands"].kept
    assert not lines["000003.events"].kept
    report = (site.run / "report.md").read_text()
    assert "Only what was kept of the history is told here" in report
    again = gonogo("replay", finding["id"], cwd=site.folder)
    assert again.stdout.startswith("STILL FAILING"), again.stdout + again.stderr


def test_dropped_commands_are_drawn_again_from_the_seed_and_times_come_from_the_facts(site):
    site.drive(commands=12_000, pacing="Constant", rate=6_000)
    assert site.gone() == "nothing"
    assert set(site.told("basis").values()) == {"history"}
    verdicts = site.told("verdict")
    drop_commands(site)
    site.judge()
    basis = site.told("basis")
    assert basis.pop("throughput") == "facts"
    assert set(basis.values()) == {"seed"}
    assert site.told("verdict") == verdicts
    run = json.loads((site.run / "run.json").read_text())
    (site.run / "run.json").write_text(json.dumps(run | {"seed": 2}))
    manifest.write(site.run.resolve())
    site.judge()
    assert set(site.told("basis").values()) == {"facts"}
    assert site.told("verdict") == verdicts


def test_facts_that_were_changed_are_believed_no_more(long):
    path = long.place / "facts" / "numbering.json"
    path.write_text(path.read_text().replace('"seen": ', '"seen": 1'))
    done = long.judge()
    assert done.returncode == 2
    assert "the evidence was changed since the run: scenarios/long/facts/numbering.json" in done.stdout
    assert set(long.told("verdict").values()) == {"unknown"}


def test_an_index_that_cannot_be_read_is_unknown_and_no_crash(long):
    (long.place / "history" / "index.jsonl").write_text("{}\n")
    (long.run / "manifest.sha256").unlink()
    assert long.judge().returncode == 2
    assert all("the history cannot be read" in reason for reason in long.told("reason").values())


def test_facts_that_are_gone_are_unknown_and_no_crash(long):
    (long.place / "facts" / "numbering.json").unlink()
    manifest.write(long.run.resolve())
    assert long.judge().returncode == 2
    reasons = long.told("reason")
    assert "the check is newer than the run" in reasons["numbering"]
    assert [name for name, verdict in long.told("verdict").items() if verdict == "unknown"] == ["numbering"]


def test_where_the_judge_beside_the_run_dies_the_run_goes_on_to_its_bound_and_tells_so(site):
    process, judge = site.start()
    judge.kill()
    told = process.communicate()[0].decode()
    assert process.returncode == 2, told
    assert "the judge beside the run was killed by signal 9" in told
    assert Archive(site.run).run.status == "bound reached"
    assert BOUND <= weight_bytes(site.place / "history") < 2 * BOUND
    assert not (site.place / "history" / "spare").exists()
    assert all("the judge beside the run was killed by signal 9" in reason for reason in site.told("reason").values())
    assert site.judge().returncode == 2


def test_the_judge_dies_with_gonogo_and_leaves_what_it_knew(site):
    process, judge = site.start()
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    gone, alive = psutil.wait_procs([judge])
    assert (len(gone), alive) == (1, [])
    assert not (site.place / "history" / "spare").exists()
    assert site.judge().returncode == 130, "as any run that was cut off"
    assert site.told("seen")["answered_once"] > 0
    assert "gonogo died while it drove" in site.told("reason")["answered_once"]


def test_an_interrupted_run_waits_for_its_judge(site):
    process, _ = site.start()
    os.kill(process.pid, signal.SIGTERM)
    told = process.communicate()[0].decode()
    assert process.returncode == 130, told
    record = Archive(site.run).scenario("long")
    assert (record.status, record.beside) == ("interrupted", "")
    assert site.told("seen")["alive"] == record.commands


def drop_commands(site):
    """What the judge beside a run does where it needs room."""
    history = site.place / "history"
    segments = list(Archive(site.run).segments("long"))
    with (history / "index.jsonl").open("ab", buffering=0) as index:
        for number, segment in enumerate(segments[:-1], 1):
            line = read_index(history)[f"{number:06d}.commands"]
            append_lines(index, IndexLine(file=line.file, first=line.first, count=line.count, blake2b=line.blake2b, kept=False, timeless=digest(timeless(segment.commands))))  # fmt: skip
            (history / line.file).unlink()
    manifest.write(site.run.resolve())
