"""One run for its figures alone: what it gives of engines inside gonogo and of programs, and that silence is not speed."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from harness.base.errors import EngineError, SetupError
from harness.base.seeds import Seed
from harness.compose import plugs
from harness.compose.turns import Side, Task, check_asked, drawn, made_ready, timed
from harness.flows import first_commands
from tests.fakes.command import scenario_file

ROOT = Path(__file__).parents[4]
PACED = '''
"""A short random flow at a pace."""
from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.pacing import PoissonArrivals
from harness.scenario import Scenario

SCENARIO = Scenario(about="paced", flow=PoissonFlow(), instrument=Drive(commands=9), pacing=PoissonArrivals(20_000))
'''


def planned(engine, scenario):
    ready, found = made_ready(Side(engine, (str(scenario),), None, 1, None, plugs.policy(None)))
    return ready, next(iter(found.values()))


def run(engine, scenario, place, *, commands=2_000, looks=False):
    _, one = planned(engine, scenario)
    return timed(one, Task(one.name, commands, looks), 1, place)


def paced_file(folder):
    path = folder / "paced.py"
    path.write_text(PACED)
    return path


def test_without_a_pace_it_gives_a_rate_and_writes_nothing_down(tmp_path):
    found = run("plain", scenario_file(tmp_path), tmp_path / "x")
    assert set(found.values) == {"throughput", "memory", "cpu"}
    assert found.commands == 2_000, "not what the scenario says"
    assert found.values["throughput"] == pytest.approx(2_000 * 1e9 / found.duration_ns)
    assert found.lag_ns == 0
    assert {path.stat().st_size for path in (tmp_path / "x" / "history").glob("*.commands*")} == {64}, "a header alone"


def test_at_a_pace_it_gives_times_from_when_commands_were_due_and_sent(tmp_path):
    found = run("plain", paced_file(tmp_path), tmp_path / "x")
    assert set(found.values) == {"response.p50", "response.p99", "response.p99.9", "service.p50", "memory"}
    assert found.values["response.p50"] <= found.values["response.p99"] <= found.values["response.p99.9"]
    assert found.duration_ns > 50_000_000, "2,000 commands at 20,000 a second"
    assert found.lag_ns > 0


def test_what_is_known_of_a_side_is_its_build_and_the_pace_of_its_scenarios(tmp_path):
    ready, _ = planned("plain", paced_file(tmp_path))
    assert ready.identity.name == "plain"
    assert ready.rates_per_s == {"paced": 20_000}


def test_a_program_has_memory_and_processor_time_of_its_own(tmp_path):
    words = json.dumps([sys.executable, str(ROOT / "tests" / "fakes" / "jsonl_engine.py")])
    (tmp_path / "engine.toml").write_text(
        f'schema = 1\nname = "mine"\nadapter = "jsonl"\n[start]\ncommand = {words}\nenv = {{ PYTHONPATH = "{ROOT}" }}\ntimeout_s = 60\n'
    )
    # What gonogo itself has started beside is none of it.
    hold = "import sys; kept = bytearray(b'1') * (1 << 30); print(flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        found = run(str(tmp_path / "engine.toml"), scenario_file(tmp_path), tmp_path / "x", looks=True)
        other.stdin.close()
    assert set(found.values) == {"throughput", "memory", "cpu"}
    assert 10 << 20 < found.values["memory"] < 1 << 30, "numpy alone takes more"
    assert 1_000 < found.values["cpu"] < 10_000_000, "some microseconds a command of Python"


def test_an_engine_that_answers_wrongly_is_not_measured(tmp_path):
    with pytest.raises(EngineError, match="so its speed says nothing"):
        run("cancel_acknowledged_twice", scenario_file(tmp_path), tmp_path / "x", looks=True)


def test_what_is_driven_more_than_once_is_refused():
    with pytest.raises(SetupError, match="relations cannot be compared: it is driven by more than one flow"):
        check_asked(("plain",), ("volume", "relations"))


def test_commands_are_drawn_once_and_are_those_that_the_flow_gives(tmp_path):
    _, one = planned("plain", scenario_file(tmp_path))
    at_hand = drawn(one, 500, 1)
    for _ in range(2):
        again = first_commands(at_hand.flow.batches(Seed(7)), 10_000)
        assert np.array_equal(again, first_commands(one.flow.batches(Seed(1).branch(one.name)), 500))
    assert at_hand.flow.notes() == one.flow.notes()
    assert timed(at_hand, Task(one.name, 500, looks=True), 1, tmp_path / "x").commands == 500
