"""What a user gets wrong: a clear message, the right exit code, never a traceback, never 0."""

import json
import os
import shutil
import signal
import subprocess
import time

import pytest

from harness.base.discover import names
from tests.fakes.command import GONOGO, environment, gonogo, policy_file, scenario_file

VERBS = ("run", "judge", "report", "replay", "shrink", "list", "doctor", "init", "latency", "compare", "capacity")


def refused(done, *said, code=64):
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    for words in said:
        assert words in done.stderr, done.stderr


@pytest.mark.parametrize("verb", VERBS)
def test_an_unknown_option_is_a_usage_error(verb, tmp_path):
    refused(gonogo(verb, "--imagined", cwd=tmp_path, fresh=True), "imagined")


def test_an_unknown_verb_and_no_verb_are_usage_errors(tmp_path):
    refused(gonogo("imagine", cwd=tmp_path), "imagine")
    refused(gonogo(cwd=tmp_path, fresh=True), "Usage")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "imagined"), "no profile or scenario 'imagined'"),
        (("run", "gone.py"), "no file gone.py"),
        (
            ("run", "--engine", "imagined"),
            f"no engine 'imagined'; there are: {', '.join(names('engines.adapters'))}; `gonogo list specimen`",
        ),
        (("run", "--use", "moon"), "no use 'moon'"),
        (("run", "--policy", "gone.toml"), "gone.toml"),
        (("run", "--duration", "soon"), "no duration"),
        (("run", "--duration", "0s"), "no duration"),
        (
            ("run", "--rate", "0"),
            "a pace of 0 commands/s cannot be kept; wanted a number from 0.000001 to 1,000,000,000",
        ),
        (("run", "--rate", "-1"), "a pace of -1 commands/s"),
        (("run", "--rate", "nan"), "a pace of nan commands/s"),
        (("run", "--rate", "1e10"), "a pace of 1e+10 commands/s"),
        (
            ("run", "twice_the_peak"),
            "nothing to run: twice_the_peak: it goes at a multiple of the peak that is stated for the use matching_venue, and none is: give the policy commands_per_s and source in [use.matching_venue.peak]",
        ),
        (
            ("run", "twice_the_peak", "--rate", "5"),
            "nothing to run: twice_the_peak: it goes at a multiple of a stated peak, so --rate cannot be its rate",
        ),
        (("run", "--rate", "quick"), "rate"),
        (("run", "--seed", "-1"), "seed"),
        (("run", "--out", "/proc/nowhere"), "cannot write the run folder"),
        (("judge", "gone"), "no run folder"),
        (("judge",), "RUN"),
        (("report", "gone"), "no run folder"),
        (("replay", "00000000"), "no run under runs holds a finding"),
        (("replay", "gone.json"), "cannot read gone.json"),
        (("shrink", "00000000"), "no run under runs holds a finding"),
        (("shrink", "00000000", "--budget", "soon"), "no duration"),
        (("list", "unicorns"), "no kind 'unicorns'"),
    ],
)
def test_what_is_not_there_is_named(tmp_path, words, said):
    refused(gonogo(*words, cwd=tmp_path), said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('schema = 1\ndefault_use = "x"\n[use.x]\nrequired = ["imagined"]\n[use.x.limits]\n"no.metric" = ["<1s"]\n', ("imagined", "no.metric")),
        ("schema = 1\nschema = 1\n", ("line 2",)),
        ('schema = "one"\ndefault_use = 5\nuse = 7\n', ("schema", "default_use", "use")),
        ("\x00", ("TOML",)),
    ],
)  # fmt: skip
def test_a_policy_tells_every_mistake(tmp_path, text, said):
    (tmp_path / "bad.toml").write_text(text)
    refused(gonogo("run", "--policy", "bad.toml", cwd=tmp_path), *said)
    assert not (tmp_path / "runs").exists()


def test_two_scenarios_of_one_name_and_a_check_that_does_not_exist_are_told_before_anything_runs(tmp_path):
    first = scenario_file(tmp_path)
    (tmp_path / "other").mkdir()
    second = tmp_path / "other" / first.name
    second.write_text(first.read_text())
    refused(gonogo("run", first, second, cwd=tmp_path), "two scenarios of one run have the same name: short")
    second.write_text(first.read_text().replace("about=", 'checks=("price_tyme",), about=', 1))
    refused(gonogo("run", second, cwd=tmp_path), "names checks that do not exist: price_tyme")
    assert not (tmp_path / "runs").exists()


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A finished run of a short scenario."""
    folder = tmp_path_factory.mktemp("finished")
    done = gonogo("run", scenario_file(folder), "--policy", policy_file(folder), cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return (folder / "runs" / "short" / "latest").resolve()


@pytest.fixture
def copy(finished, tmp_path):
    place = tmp_path / "copy"
    shutil.copytree(finished, place)
    return place


def first(folder, pattern):
    return min(folder.rglob(pattern))


CUTS = {
    "a segment is gone": lambda run: first(run, "*.events").unlink(),
    "a segment is cut": lambda run: os.truncate(first(run, "*.commands"), 5000),
    "a segment is changed": lambda run: first(run, "*.events").write_bytes(
        first(run, "*.events").read_bytes()[:-1] + b"\x77"
    ),
    "a segment is no segment": lambda run: first(run, "*.events").write_bytes(b"hello"),
    "a book is gone": lambda run: first(run, "*.book").unlink(),
    "the digests are changed": lambda run: first(run, "digests.jsonl").write_text(
        '{"kind":"state","first":1000,"digest":"00"}\n'
    ),
    "the index is gone": lambda run: first(run, "index.jsonl").unlink(),
    "the last segments are gone": lambda run: (
        [min(run.rglob(f"000001.{kind}")).unlink() for kind in ("commands", "events")]
        and first(run, "index.jsonl").write_text("")
    ),
    "a file was added": lambda run: (first(run, "*.events").parent / "000009.events").write_bytes(b""),
}


@pytest.mark.parametrize("damage", CUTS.values(), ids=CUTS.keys())
@pytest.mark.parametrize("manifest", [True, False], ids=["manifest", "no manifest"])
def test_damaged_evidence_is_never_go(copy, damage, manifest, tmp_path):
    damage(copy)
    if not manifest:
        # A book is only looked into where its digest is wrong, so without a manifest its loss costs nothing.
        if damage is CUTS["a book is gone"]:
            return
        (copy / "manifest.sha256").unlink()
    done = gonogo("judge", copy, cwd=tmp_path)
    if not manifest and done.returncode == 0:
        pytest.fail("damaged evidence passed: " + done.stdout)
    assert done.returncode in (1, 2, 64)
    assert "Traceback" not in done.stdout + done.stderr


def test_judging_changed_evidence_does_not_seal_the_change(copy, tmp_path):
    first(copy, "*.events").write_bytes(b"hello")
    for _ in range(2):
        done = gonogo("judge", copy, cwd=tmp_path)
        assert done.returncode == 2
        assert "the evidence was changed since the run" in done.stdout


@pytest.mark.parametrize("name", ["run.json", "scenarios/short/scenario.json", "policy.toml"])
@pytest.mark.parametrize("body", [None, "", "{", '{"schema": 99}'])
def test_a_run_folder_without_its_papers_is_refused(copy, name, body, tmp_path):
    if body is None:
        (copy / name).unlink()
    else:
        (copy / name).write_text(body)
    refused(gonogo("judge", copy, cwd=tmp_path), "gonogo: ")


def test_an_interrupt_keeps_and_judges_the_evidence(tmp_path):
    process = subprocess.Popen(
        [GONOGO, "run", "poisson", "--duration", "60s", "--rate", "2000", "--policy", str(policy_file(tmp_path))],
        cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    _wait_for(tmp_path, "*.events.part")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, out + err
    assert "Traceback" not in out + err
    assert "UNDECIDED" in out
    verdict = json.loads((tmp_path / "runs" / "poisson" / "latest" / "verdict.json").read_text())
    assert (verdict["exit"], verdict["valid"]) == (130, False)
    assert any(check["seen"] > 0 for check in verdict["checks"])


def test_a_killed_gonogo_leaves_evidence_that_can_be_judged(tmp_path):
    process = subprocess.Popen(
        [GONOGO, "run", "poisson", "--duration", "60s", "--rate", "2000", "--policy", str(policy_file(tmp_path))],
        cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    _wait_for(tmp_path, "*.events.part")
    process.kill()
    process.wait(timeout=60)
    done = gonogo("judge", "runs/poisson", "--json", cwd=tmp_path)
    assert done.returncode == 130, done.stdout + done.stderr
    verdict = json.loads(done.stdout)
    assert any(check["name"] == "answered_once" and check["seen"] > 0 for check in verdict["checks"])
    assert not verdict["findings"]


def _wait_for(folder, pattern, seconds=60):
    """Until a file of the pattern has records in it."""
    end = time.monotonic() + seconds
    while not any(path.stat().st_size > 10_000 for path in folder.rglob(pattern)):
        assert time.monotonic() < end, "gonogo wrote nothing"
        time.sleep(0.05)
