"""A warm-up by the command: not timed, judged all the same, told in the report, and kept by whoever judges again."""

from __future__ import annotations

import json

from tests.fakes.command import gonogo, policy_file

SCENARIO = """
from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.pacing import Constant
from harness.scenario import Scenario

SCENARIO = Scenario(about="even", flow=PoissonFlow(), instrument=Drive(commands=3_000), pacing=Constant(1_000){more})
"""


def seen(folder, name):
    """How much each check saw."""
    place = folder / "runs" / name / "latest" / "scenarios" / name / "facts"
    return {path.stem: json.loads(path.read_text())["seen"] for path in place.glob("*.json")}


def test_what_is_due_in_the_warm_up_is_judged_and_not_timed(tmp_path):
    (tmp_path / "even.py").write_text(SCENARIO.format(more=""))
    words = ("run", "even.py", "--warm-up", "1s", "--policy", policy_file(tmp_path))
    done = gonogo(*words, cwd=tmp_path)
    assert done.returncode in (0, 2), done.stdout + done.stderr
    first = seen(tmp_path, "even")
    assert [first[name] for name in ("latency", "generator_lag", "answered_once")] == [2_000, 2_000, 3_000]
    assert 1_900 <= first["throughput"] <= 2_000
    run = tmp_path / "runs" / "even" / "latest"
    assert "warm-up: the first 1 s are left out" in (run / "report.html").read_text()
    assert "nothing that was due in the first 1 s is timed" in (run / "report.html").read_text()
    assert "--warm-up 1s" in json.loads((run / "run.json").read_text())["reproduce"]
    assert gonogo("judge", run, "--policy", policy_file(tmp_path), cwd=tmp_path).returncode == done.returncode
    assert seen(tmp_path, "even") == first


def test_a_scenario_may_say_it_itself(tmp_path):
    (tmp_path / "slow.py").write_text(SCENARIO.format(more=", warm_up_ns=2_500_000_000"))
    gonogo("run", "slow.py", "--policy", policy_file(tmp_path), cwd=tmp_path)
    assert seen(tmp_path, "slow")["latency"] == 500


def test_a_warm_up_that_leaves_nothing_is_refused(tmp_path):
    (tmp_path / "even.py").write_text(SCENARIO.format(more=""))
    for words, said in (
        (("--warm-up", "3s", "--duration", "3s"), "wanted --warm-up shorter than --duration"),
        (("--warm-up", "soon"), "is no duration"),
        (("--warm-up", "0s"), "is no duration"),
    ):
        done = gonogo("run", "even.py", *words, cwd=tmp_path)
        assert (done.returncode, said in done.stderr) == (64, True), done.stderr
