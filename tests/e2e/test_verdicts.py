"""From order flow to a verdict, by the command: the healthy engine, each broken one, and judging again."""

import json
import subprocess

import pytest

from harness.base import discover
from harness.compose import plugs
from tests.fakes.command import GONOGO, environment, gonogo, policy_file, scenario_file

SHOWN = (
    "collar_one_sided", "dies_of_a_stale_cancel", "fifo_lost_on_cancel", "stops_last_first", "taker_price", "unstable_order",
)  # fmt: skip
"""Specimens of each kind that a short random flow shows; tests/contract/test_specimens.py has all of them caught."""


@pytest.fixture
def short(tmp_path):
    """A folder with a small policy and a short scenario; runs them."""

    def run(*words, name="run", **given):
        return gonogo(name, *words, "--policy", policy_file(tmp_path), cwd=tmp_path, **given)

    run.folder = tmp_path
    run.scenario = scenario_file(tmp_path)
    return run


def verdict(folder):
    return json.loads((folder / "runs" / "short" / "latest" / "verdict.json").read_text())


def test_the_reference_engine_is_go_and_the_report_is_there(short):
    done = short(short.scenario, fresh=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().startswith("GO  reference")
    report = short.folder / done.stdout.split("Report: ")[1].strip()
    assert report.read_text().startswith("<!doctype html>")
    told = verdict(short.folder)
    assert (told["exit"], told["valid"], told["findings"]) == (0, True, [])
    assert {"run.json", "policy.toml", "verdict.json", "report.md", "junit.xml", "summary.md", "manifest.sha256"} <= {
        path.name for path in report.parent.iterdir()
    }


@pytest.mark.parametrize("specimen", SHOWN)
def test_a_specimen_is_no_go_by_its_named_check_and_its_replay_fails_again(short, specimen):
    plug = discover.load(plugs.SPECIMENS, specimen, "SPECIMEN")
    use = "twice" if "determinism" in plug.caught_by else "venue"
    done = short(short.scenario, "--engine", specimen, "--use", use)
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.strip().startswith(f"NO-GO  {specimen}")
    told = verdict(short.folder)
    found = {finding["check"]: finding for finding in told["findings"]}
    assert set(plug.caught_by) & set(found), f"caught by {sorted(found)}, named: {plug.caught_by}"
    finding = next(found[check] for check in plug.caught_by if check in found)
    assert f"Reproduce with: gonogo replay {finding['id']}" in done.stdout
    again = gonogo("replay", finding["id"], cwd=short.folder)
    assert (again.returncode, again.stdout.split("  ")[0]) == (1, "STILL FAILING"), again.stdout + again.stderr
    healed = gonogo("replay", finding["id"], "--engine", "plain", cwd=short.folder)
    assert (healed.returncode, healed.stdout.split("  ")[0]) == (0, "FIXED"), healed.stdout + healed.stderr


def test_judging_again_gives_the_same_bytes(short):
    short(short.scenario, "--engine", "taker_price")
    path = short.folder / "runs" / "short" / "latest" / "verdict.json"
    before = path.read_bytes()
    path.unlink()
    done = gonogo("judge", "runs/short", cwd=short.folder, fresh=True)
    assert done.returncode == 1
    assert path.read_bytes() == before


def test_another_policy_is_judged_and_nothing_is_rewritten(short):
    short(short.scenario)
    path = short.folder / "runs" / "short" / "latest" / "verdict.json"
    before = path.read_bytes()
    done = short("runs/short", "--use", "fast", name="judge")
    assert (done.returncode, path.read_bytes()) == (2, before)
    assert "UNDECIDED" in done.stdout


def test_json_is_the_verdict_and_nothing_else_on_stdout(short):
    done = short(short.scenario, "--json")
    assert json.loads(done.stdout) == verdict(short.folder)


def test_the_same_seed_drives_the_same_commands(short):
    histories = []
    for _ in range(2):
        short(short.scenario, "--seed", "7", fresh=True)
        history = short.folder / "runs" / "short" / "latest" / "scenarios" / "short"
        histories.append(max((history / "snapshots").glob("*.book")).read_bytes())
    short(short.scenario, "--seed", "8")
    other = max(
        (short.folder / "runs" / "short" / "latest" / "scenarios" / "short" / "snapshots").glob("*.book")
    ).read_bytes()
    assert histories[0] == histories[1] != other


def test_a_report_is_rendered_again_in_the_formats_asked_for(short):
    short(short.scenario)
    formats = ("--format", "markdown", "--format", "junit")
    done = gonogo("report", "runs/short", *formats, "--out", "again", cwd=short.folder, fresh=True)
    assert done.returncode == 0
    assert sorted(path.name for path in (short.folder / "again").iterdir()) == ["junit.xml", "report.md"]


def test_what_several_scenarios_have_in_common_is_told_once_and_a_check_that_never_ran_is_told(short):
    again = short.folder / "again.py"
    again.write_text(short.scenario.read_text())
    done = gonogo("run", short.scenario, again, cwd=short.folder)
    assert done.returncode == 2
    assert done.stdout.count("in short, again: too little evidence") >= 1
    assert done.stdout.count("price_time") == 2, "once among what the use lacks, once with its reason"
    assert (
        "edge_cases, metamorphic, throughput, latency, generator_lag: required, and no scenario of this run applies it"
        in done.stdout
    )


@pytest.mark.parametrize("words", [(), ("--json",)], ids=["people", "json"])
def test_a_reader_that_goes_away_does_not_change_the_exit_code(short, words):
    process = subprocess.Popen(
        [GONOGO, "run", short.scenario, "--policy", policy_file(short.folder), *words],
        cwd=short.folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    process.stdout.close()
    told = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(timeout=120) == 0, told
    assert "Error" not in told


def test_what_an_engine_says_cannot_drive_the_terminal(short):
    hostile = short.folder / "hostile.py"
    hostile.write_text(HOSTILE)
    done = short(short.scenario, "--engine", hostile, PYTHONIOENCODING="ascii")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert "\\x1b[31m[bold]" in done.stdout
    assert "[bold]" in done.stdout


HOSTILE = """
from engines.adapters.plain import PlainInProcess
from harness.base.errors import EngineDiedError


class ENGINE(PlainInProcess):
    def take(self, commands):
        raise EngineDiedError("\\x1b[31m[bold]red\\x1b[0m caf\\u00e9 <script>")
"""
