"""Comparing two builds from the command line: the word, its exit code, and what is kept of it."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.fakes.command import GONOGO, environment, gonogo, scenario_file, until
from tests.fakes.marked import VARIABLE, marked

FAKES = Path(__file__).parents[1] / "fakes"
SLOWED = FAKES / "slowed.py"
QUICK = ("--scenario", "volume", "--length", "20ms", "--pairs", "12", "--most-pairs", "12")
"""A dozen short pairs in one look: enough for what is many times slower, on however busy a machine."""
MUCH = {"SLOWED_BY": "29"}
"""A machine with more to do than it can do takes now and then ten times as long for the same."""


def compare(folder, *words, **env):
    done = gonogo("compare", *words, cwd=folder, **env)
    assert "Traceback" not in done.stderr, done.stderr
    stored = sorted(folder.glob("runs/compare/*/comparison.json"))
    return done, json.loads(stored[-1].read_text()) if stored else {}


def words(told):
    return {one["metric"]: one["word"] for one in told["differences"]}


def test_a_build_that_takes_thirty_times_as_long_is_slower_and_the_other_way_round_faster(tmp_path):
    done, told = compare(tmp_path, "reference", SLOWED, *QUICK, **MUCH, **{VARIABLE: str(tmp_path)})
    assert done.returncode == told["exit"] == 1, done.stdout + done.stderr
    assert done.stdout.startswith("slower  slowed")
    assert words(told)["throughput"] == told["word"] == "slower"
    assert (told["pairs"], told["pairs_asked"], told["pairs_most"], told["ended"]) == (12, 12, 12, "")
    assert (told["looks"], told["looks_most"], told["alpha"]) == (1, 1, 0.01)
    assert [turn["pair"] for turn in told["turns"]] == [pair for pair in range(1, 13) for _ in range(2)]
    assert told["host"]["noise_pct"] >= 0
    (throughput,) = (one for one in told["differences"] if one["metric"] == "throughput")
    assert throughput["low_pct"] < throughput["change_pct"] < throughput["high_pct"]
    assert throughput["p_corrected"] >= throughput["p"]
    assert not marked(str(tmp_path)), "no process of it is left"
    done, told = compare(tmp_path, SLOWED, "reference", *QUICK, "--budget", "memory=0", "--json", **MUCH)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout) == told
    assert told["word"] == "faster"


def test_a_build_against_itself_is_never_slower(tmp_path):
    done, told = compare(tmp_path, "reference", "reference", *QUICK, "--scenario", "poisson")
    assert done.returncode in {0, 2}, done.stdout
    assert told["word"] in {"no change", "faster", "cannot tell"}
    assert set(told["commands"]) == {"volume", "poisson"}
    figures = {(one["scenario"], one["metric"]) for one in told["differences"]}
    assert {
        ("volume", "throughput"),
        ("poisson", "response.p99"),
        ("poisson", "service.p50"),
        ("poisson", "memory"),
    } <= figures
    assert ("poisson", "throughput") not in figures, "at a pace it says what was asked for"


def test_the_processes_of_both_sides_have_the_same_past(tmp_path):
    """What they did before shows in what their children take: of a build and itself to the page."""
    _, told = compare(tmp_path, "reference", "reference", *QUICK)
    (memory,) = (one for one in told["differences"] if one["metric"] == "memory")
    assert abs(memory["change_pct"]) < 0.2
    assert memory["word"] == "no change"


def test_what_too_few_pairs_cannot_tell_takes_more_of_them_and_says_so(tmp_path):
    """After 8 pairs no difference is significant at one of three looks."""
    more = ("--scenario", "volume", "--length", "20ms", "--pairs", "8", "--most-pairs", "24", "--budget", "cpu=0", "--budget", "memory=0")  # fmt: skip
    done, told = compare(tmp_path, "reference", SLOWED, *more, **MUCH)
    assert done.returncode == told["exit"] == 1, done.stdout + done.stderr
    assert told["pairs"] in {16, 24}
    assert (told["looks"], told["looks_most"]) == (told["pairs"] // 8, 3)
    assert max(turn["pair"] for turn in told["turns"]) == told["pairs"]
    assert f"{told['pairs']} pairs, of 24 at the most" in done.stdout
    assert f"{told['looks']} of 3 looks, after 8 pairs" in done.stdout


def test_an_engine_that_fails_is_told_and_cannot_be_compared(tmp_path):
    words = json.dumps(["python3", str(FAKES / "jsonl_broken.py"), "dies", "500"])
    (tmp_path / "engine.toml").write_text(
        f'schema = 1\nname = "broken"\nadapter = "jsonl"\n[start]\ncommand = {words}\n'
    )
    done, told = compare(tmp_path, "reference", "engine.toml", *QUICK)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "cannot tell: head" in done.stderr
    assert not told


def test_ctrl_c_keeps_the_pairs_that_are_whole_and_is_never_0(tmp_path):
    running = subprocess.Popen(
        [GONOGO, "compare", "reference", "reference", "--scenario", "volume", "--length", "20ms", "--pairs", "1000"],
        cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    lines = []
    until(lambda: lines.append(running.stderr.readline()) or "pair 12 of 1000" in lines[-1])
    # As a terminal does it: every process of it hears the signal.
    os.killpg(running.pid, signal.SIGINT)
    said, _ = running.communicate(timeout=60)
    (stored,) = tmp_path.glob("runs/compare/*/comparison.json")
    told = json.loads(stored.read_text())
    assert told["ended"] == "interrupted"
    assert 11 <= told["pairs"] < 1000
    assert running.returncode == told["exit"] != 0
    assert "It ended early: interrupted" in said


def test_runs_of_one_host_are_compared_and_one_a_side_bounds_nothing(tmp_path):
    gonogo("run", scenario_file(tmp_path), cwd=tmp_path)
    done, told = compare(tmp_path, "runs/short", "runs/short/latest")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "so few runs bound no difference" in done.stdout
    assert told["pairs_asked"] == 0
    assert "One look: intervals of 95 %, p significant below 0.01" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("reference",), "HEAD"),
        (("reference", "imagined"), "no engine 'imagined'"),
        (("reference", "reference", "--scenario", "imagined"), "no profile or scenario 'imagined'"),
        (("reference", "reference", "--scenario", "relations"), "more than one flow"),
        (("reference", "reference", "--pairs", "5", "--most-pairs", "5"), "5 pairs can never show a difference in 5 figures at once; wanted 10 or more"),
        (("reference", "reference", "--pairs", "2"), "10 pairs can never show a difference in 5 figures at once; wanted 13 or more"),
        (("reference", "reference", "--pairs", "40", "--most-pairs", "30"), "40 pairs before the first look are more than 30 at the most"),
        (("reference", "reference", "--most-time", "soon"), "no duration"),
        (("reference", "reference", "--pairs", "0"), "pairs"),
        (("reference", "reference", "--length", "0s"), "no duration"),
        (("reference", "reference", "--budget", "speed=5"), "no figure 'speed'"),
        (("reference", "reference", "--budget", "cpu=-5"), "no percentage"),
        (("reference", "reference", "--budget", "cpu"), "no percentage"),
        (("reference", "reference", "--scenario", "volume", "--budget", "throughput=0", "--budget", "memory=0", "--budget", "cpu=0"), "nothing would be decided"),
        (("runs", "reference"), "no engine 'runs'"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_with_the_code_of_a_mistake(tmp_path, words, said):
    done, told = compare(tmp_path, *words)
    assert done.returncode == 64, done.stdout + done.stderr
    assert said in done.stderr
    assert not told
