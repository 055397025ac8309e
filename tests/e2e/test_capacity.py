"""The search for a capacity from the command line: what is kept of it, what is told, and the exit codes.

That it finds what an engine serves is shown in simulated time (tests/unit/harness/compose/test_climbing.py). Here it runs on whatever machine
there is, which may have more to do than it can do: what is asserted holds there too, since each trial says whose doing it was.
"""

import json
import os
import signal
import subprocess
from pathlib import Path

import msgspec
import pytest

from harness.base.capacity import Capacity
from harness.base.ladder import Ladder, Tried
from harness.cli.climbed import headline
from harness.compose.outcome import Rest, summed
from tests.fakes.command import GONOGO, environment, gonogo, until

FIXED = Path(__file__).parents[1] / "fakes" / "fixed_rate.py"
POLICY = """
schema = 1
default_use = "venue"
[use.venue]
required = ["alive", "answered_once", "numbering", "legal", "throughput", "latency", "generator_lag"]
[use.venue.limits]
"latency.response" = ["p(99)<300ms"]
"generator.lag" = ["p(99)<300ms"]
{peak}
[use.slow]
required = ["latency", "generator_lag"]
[use.slow.limits]
"latency.response" = ["p(99)<300ms"]
"generator.lag" = ["p(99)<1us"]
[use.untimed]
required = ["answered_once"]
"""
PEAK = '[use.venue.peak]\ncommands_per_s = {}\nsource = "a log"'
QUICK = ("--length", "1.8s", "--warm-up", "300ms", "--repeats", "1")


def understood(told, done):
    """The search, whose word, exit code and headline are what its trials come to; a trial that tells nothing of the engine says that it was the machine."""
    found = msgspec.convert(told, Capacity)
    ladder = Ladder(found.from_per_s, found.to_per_s)
    rungs = {ladder.rate_per_s(rung): rung for rung in range(ladder.top + 1)}
    tried = [Tried(rungs[one.rate_per_s], one.stage, one.outcome) for one in found.trials]
    rest = Rest(**{name: getattr(found, name) for name in Rest._fields})
    assert summed(rest, ladder, found.trials, tried, found.ended) == found
    assert all("the machine was" in one.why for one in found.trials if one.outcome == "unknown")
    assert done.returncode == found.exit, done.stdout + done.stderr
    return found


def capacity(folder, *words, peak="", **env):
    (folder / "policy.toml").write_text(POLICY.format(peak=peak and PEAK.format(peak)))
    done = gonogo("capacity", *words, "--policy", "policy.toml", cwd=folder, **env)
    assert "Traceback" not in done.stderr, done.stderr
    stored = sorted(folder.glob("runs/capacity/*/capacity.json"))
    return done, json.loads(stored[-1].read_text()) if stored else {}


def test_an_engine_of_a_known_rate_is_found_with_its_page_and_its_trials(tmp_path):
    done, told = capacity(tmp_path, "--engine", FIXED, "--from", 3_000, "--to", 9_000, *QUICK, peak=1_000, SERVES_PER_S="5000")  # fmt: skip
    found = understood(told, done)
    assert found.word in {"found", "cannot tell", "generator saturated"}
    assert (found.exit == 0) == (found.word == "found")
    assert all(one.rate_per_s <= 1.1 * 5_000 for one in found.trials if one.outcome == "kept"), "nobody serves more than he can"  # fmt: skip
    assert done.stdout.startswith(f"{headline(found)}  fixed rate")
    assert [one["number"] for one in told["trials"]] == list(range(len(told["trials"])))
    assert told["trials"][0]["stage"] == "warm-up"
    (page,) = tmp_path.glob("runs/capacity/*/capacity.html")
    assert "Latency against rate" in page.read_text()
    trial = page.parent / told["trials"][-1]["run"]
    assert not list(trial.glob("scenarios/*/history/*.events")), "a history that nothing was found in is dropped"
    before = json.loads((trial / "verdict.json").read_text())
    judged = gonogo("judge", trial, "--json", cwd=tmp_path)
    after = json.loads(judged.stdout)
    assert [(one["name"], one["verdict"]) for one in after["checks"]] == [(one["name"], one["verdict"]) for one in before["checks"]]  # fmt: skip
    assert {one["basis"] for one in after["checks"]} == {"facts"}


@pytest.mark.nightly
def test_an_engine_that_keeps_no_rate_and_one_that_keeps_all(tmp_path):
    done, told = capacity(tmp_path, "--engine", FIXED, "--from", 4_000, "--to", 8_000, *QUICK, SERVES_PER_S="1500")
    assert understood(told, done).word in {"none", "cannot tell"}
    assert told["kept_per_s"] is None
    done, told = capacity(tmp_path, "--engine", FIXED, "--from", 1_000, "--to", 1_000, *QUICK, "--json", SERVES_PER_S="90000")  # fmt: skip
    assert understood(told, done).word in {"at least", "cannot tell"}
    assert json.loads(done.stdout) == told


def test_a_generator_that_cannot_keep_its_pace_is_named_and_the_engine_is_not_blamed(tmp_path):
    done, told = capacity(tmp_path, "--engine", "reference", "--use", "slow", "--from", 1_000, "--to", 2_000, *QUICK)
    found = understood(told, done)
    assert (found.exit, found.kept_per_s) == (2, None), done.stdout
    assert found.word in {"generator saturated", "cannot tell"}
    assert {one.outcome for one in found.trials} <= {"generator", "unknown"}
    assert found.why in " ".join(done.stdout.split())


def test_an_engine_that_refuses_connections_has_failed_before_any_rate(tmp_path):
    (tmp_path / "engine.toml").write_text(
        'schema = 1\nname = "away"\nadapter = "jsonl"\n[endpoints]\norders = "127.0.0.1:9"\n'
    )
    done, told = capacity(tmp_path, "--engine", "engine.toml")
    assert done.returncode == told["exit"] == 1, done.stdout + done.stderr
    assert told["word"] == "none"
    assert "the engine did not start" in told["ended"]
    assert "127.0.0.1:9" in told["ended"]
    assert len(told["trials"]) == 1


def test_ctrl_c_keeps_the_trials_that_are_whole(tmp_path):
    (tmp_path / "policy.toml").write_text(POLICY.format(peak=""))
    running = subprocess.Popen(
        [GONOGO, "capacity", "--engine", "reference", "--policy", "policy.toml", "--length", "2s"],
        cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    lines = []
    until(lambda: lines.append(running.stderr.readline()) or "trial 2:" in lines[-1])
    # As a terminal does it: every process of it hears the signal.
    os.killpg(running.pid, signal.SIGINT)
    said, _ = running.communicate(timeout=60)
    (stored,) = tmp_path.glob("runs/capacity/*/capacity.json")
    told = json.loads(stored.read_text())
    assert running.returncode == told["exit"] == 130
    assert (told["ended"], told["word"]) == ("interrupted", "cannot tell")
    assert [one["number"] for one in told["trials"]] == [0, 1]
    assert "The search ended early: interrupted." in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "0"), "a pace of 0 commands/s"),
        (("--from", "-5"), "a pace of -5 commands/s"),
        (("--from", "nan"), "a pace of nan commands/s"),
        (("--to", "1e12"), "a pace of 1e+12 commands/s"),
        (("--from", "5000", "--to", "1000"), "--from 5000 is above --to 1000"),
        (("--from", "10"), "3.5 s of a trial at 10/s are 35 commands"),
        (("--repeats", "4"), "wanted an odd number"),
        (("--length", "1.9s"), "too short to say what rate was reached"),
        (("volume",), "the scenario volume has no pace"),
        (("relations",), "the scenario relations has no pace"),
        (("twice_the_peak",), "goes at a multiple of a stated peak"),
        (("ramp",), "the shape of ramp takes 12 s to be seen once"),
        (("--workers", "2"), "driven by gonogo's own process alone"),
        (("quick",), "a capacity is of one"),
        (("imagined",), "no profile or scenario 'imagined'"),
        (("--engine", "imagined"), "no engine 'imagined'"),
        (("--use", "imagined"), "no use 'imagined'"),
        (("--use", "untimed"), "limits neither latency nor throughput"),
    ],
)
def test_what_cannot_be_is_told_with_the_code_of_a_mistake(tmp_path, words, said):
    done, told = capacity(tmp_path, *words)
    assert done.returncode == 64, done.stdout + done.stderr
    assert said in done.stderr
    assert not told
