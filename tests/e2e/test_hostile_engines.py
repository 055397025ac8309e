"""Engines that mean no good, from the command line: the verdict, its exit code and its words; and nothing of them is left, also when gonogo is killed."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.fakes.command import (
    GONOGO,
    WAIT_S,
    environment,
    gonogo,
    long_scenario_file,
    policy_file,
    scenario_file,
    until,
)
from tests.fakes.hostile_engines import hostile
from tests.fakes.marked import VARIABLE, marked

ROOT = Path(__file__).parents[2]
CHILDREN = {
    "jsonl": ("hostile_program", 3),
    "ouch": ("hostile_program", 3),
    "python": ("_python_host", 3),
    "c_abi": ("sleep", 3),
}
"""By what an engine of `has children` and its children are known, and how many these are."""


def surroundings(folder):
    """What a run is given, so that all that is left of it can be found."""
    (folder / "scratch").mkdir()
    return environment(**{VARIABLE: str(folder), "TMPDIR": str(folder / "scratch"), "PYTHONPATH": str(ROOT)})


def is_gone(folder):
    return not marked(str(folder)) and not [*(folder / "scratch").iterdir()]


NO_GO = {
    ("never answers", "python"): ("gate_0", "commands were sent and no event came"),
    ("answers twice", "jsonl"): ("answered_once", "a second answer"),
    ("floods", "jsonl over TCP"): ("alive", "the engine floods"),
    ("answers as if it spoke something else", "ouch"): ("alive", "no packet of SoupBinTCP: b'HTTP/1.1 400"),
    ("eats memory", "jsonl"): ("alive", "MiB of memory, where memory_mib is 200"),
    ("tells reports without end", "c_abi"): ("alive", "it told more than 1048576 reports"),
    ("dies at once", "ouch"): ("gate_0", "cannot open /etc/engine.conf"),
}


@pytest.mark.parametrize(("way", "over"), NO_GO, ids=lambda word: word.replace(" ", "_"))
def test_the_verdict_is_no_go_with_the_reason(tmp_path, way, over):
    # Each book of who never answers is waited for in vain.
    scenario = scenario_file(tmp_path, ", answer_timeout_ns=500_000_000" if way == "never answers" else "")
    done = gonogo(
        "run", scenario, "--engine", hostile(over, way, tmp_path), "--policy", policy_file(tmp_path), "--json",
        cwd=tmp_path, **surroundings(tmp_path),
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    check, said = NO_GO[way, over]
    findings = [one for one in json.loads(done.stdout)["findings"] if one["check"] == check]
    assert any(said in one["got"] for one in findings), findings
    assert is_gone(tmp_path)


def test_what_an_adapter_of_ones_own_prints_is_not_mixed_with_what_gonogo_says(tmp_path):
    words = ["--engine", hostile("one's own", "prints", tmp_path)]
    said = [
        gonogo(*verb, *words, cwd=tmp_path, PYTHONPATH=str(ROOT))
        for verb in (
            ("run", scenario_file(tmp_path), "--json", "--policy", policy_file(tmp_path)),
            ("explore", "--seeds", "1", "--commands", "100", "--machines", "0", "--no-cases", "--json"),
            ("doctor", "--json"),
        )
    ]
    assert all("to its output" in done.stderr for done in said[:2])
    assert [type(json.loads(done.stdout)) for done in said] == [dict, dict, dict]


@pytest.mark.parametrize("over", CHILDREN)
def test_nothing_is_left_of_an_engine_and_its_children_when_gonogo_is_killed(tmp_path, over):
    words = [GONOGO, "run", long_scenario_file(tmp_path), "--engine", hostile(over, "has children", tmp_path)]
    named, count = CHILDREN[over]
    with subprocess.Popen(words, cwd=tmp_path, env=surroundings(tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:  # fmt: skip
        until(lambda: sum(any(named in word for word in words) for words in marked(str(tmp_path))) >= count)
        os.kill(run.pid, signal.SIGKILL)
        assert run.wait(WAIT_S) == -signal.SIGKILL
    until(lambda: is_gone(tmp_path))
