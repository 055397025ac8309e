"""A load whose workers come by themselves: what is told to whoever must start them, and which of them cannot do anything."""

import re
import subprocess
import sys
from contextlib import ExitStack

import pytest

from harness.base.clock import MonotonicClock
from harness.base.errors import SetupError
from harness.base.seeds import Seed
from harness.evidence.journal import Journal
from harness.flows.poisson import PoissonFlow
from harness.instruments import Context
from harness.instruments.load import Load
from harness.load.crew import Crew
from harness.load.places import Meeting, Place
from harness.pacing import Constant
from tests.fakes import load_worker
from tests.fakes.clock import FakeClock
from tests.unit.harness.instruments.test_load import Joinable
from tests.unit.harness.load.test_master import JOB

COMMAND = re.compile(r"to start one: gonogo worker 127\.0\.0\.1:(\d+) (.*)")


def led(tmp_path, how, *, stopped=lambda: False, wait_s=60.0, lines):
    """The outcome, with a worker that is started once the terminal says how."""
    with ExitStack() as stack:

        def tell(line):
            lines.append(line)
            if how and (found := COMMAND.search(line)):
                words = [sys.executable, "-P", load_worker.__file__, how, "127.0.0.1", found[1], str(tmp_path / "part")]
                process = stack.enter_context(subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
                stack.callback(process.stdin.close)

        crew = Crew(workers=1, job=JOB, command=(), meeting=Meeting(Place("127.0.0.1", 0), wait_s, ("it.py",)))
        context = Context(
            clock=MonotonicClock(), seed=Seed(1), flow=PoissonFlow(), pacing=Constant(100), probes=(), stopped=stopped,
            progress=lambda _: None, tell=tell, crew=crew,
        )  # fmt: skip
        journal = Journal(tmp_path / "it")
        stack.callback(journal.close)
        return Load(commands=10).run(Joinable(FakeClock()), journal, context)


def test_a_worker_of_another_machine_cannot_reach_an_engine_on_the_loopback_address(tmp_path):
    lines = []
    with pytest.raises(SetupError) as refused:
        led(tmp_path, "from elsewhere", lines=lines)
    said = str(refused.value)
    assert said.startswith("worker 1 of 1, ")
    assert f"({load_worker.ELSEWHERE}) cannot reach the engine at 127.0.0.1:1" in said
    assert "engine.toml" in said
    assert COMMAND.search(lines[0])[2] == "it.py"
    assert lines[1] == f"worker 1 of 1 is here: {said.split('1 of 1, ')[1].split(' cannot', maxsplit=1)[0]}"


def test_the_user_can_end_the_wait_for_workers(tmp_path):
    lines = []
    told = led(tmp_path, "", stopped=lambda: bool(lines), lines=lines)
    assert (told.status, told.generator) == ("interrupted", "")
    assert not (tmp_path / "it" / "parts").exists()


def test_workers_that_do_not_come_in_time_are_no_fault_of_the_engine(tmp_path):
    told = led(tmp_path, "", wait_s=0.1, lines=[])
    assert (told.status, told.generator) == ("generator failed", "0 of 1 workers came within 0.1 s")


def test_one_that_cannot_send_is_told_with_its_machine(tmp_path):
    told = led(tmp_path, "cannot", lines=[])
    assert told.status == "generator failed"
    assert re.match(r"worker 1 of 1, \S+: Traceback", told.generator)
    assert "it has no words" in told.generator


def test_a_part_that_is_none_is_told_with_who_left_it(tmp_path):
    """The worker says that it sent three commands, and hands over nothing."""
    told = led(tmp_path, "leaves", lines=[])
    assert told.status == "generator failed"
    assert re.match(r"worker 1 of 1, \S+: what it left is no part of a load: .*numbers\.npy", told.generator)
