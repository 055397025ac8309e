"""A load by workers, as an instrument: its bounds, and how it ends where the workers cannot do their part. Whole loads: tests/e2e/test_workers.py."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from harness.base.clock import MonotonicClock
from harness.base.errors import EngineDiedError, SetupError
from harness.base.records import EVENT, Channel, Event, EventKind, events_of
from harness.base.seeds import Seed
from harness.engine_file import EngineFile
from harness.evidence.journal import Journal
from harness.flows.poisson import PoissonFlow
from harness.instruments import Context
from harness.instruments.load import NO_BOUND, Load
from harness.load import hearing
from harness.load.crew import Crew
from harness.pacing import Constant
from tests.fakes import load_worker
from tests.fakes.clock import FakeClock
from tests.fakes.engine import FakeEngine
from tests.unit.harness.load.test_master import JOB


class Joinable(FakeEngine):
    def joining(self, accounts):
        return EngineFile.model_validate(
            {"schema": 1, "name": "it", "adapter": "ouch", "endpoints": {"orders": "127.0.0.1:1"}}
        )


class Gone(Joinable):
    def joining(self, accounts):
        raise EngineDiedError("it is gone")


class Telling(Joinable):
    """Its drop copy answers so many commands and tells so many further events."""

    def __init__(self, answers, further=0):
        super().__init__(FakeClock())
        self.says = [
            Event(command=number, order=number, kind=EventKind.ACCEPTED, channel=Channel.DROP_COPY)
            for number in range(1, answers + 1)
        ]
        self.says += [Event(kind=EventKind.RESTED, channel=Channel.DROP_COPY)] * further

    def poll(self, wait_ns):
        says, self.says = self.says[:1_000], self.says[1_000:]
        return events_of(says) if says else np.zeros(0, EVENT)

    def renamed(self, events, spoken):
        return events


def outcome(engine, tmp_path, how="cannot", commands=10, **changes):
    crew = Crew(workers=2, job=JOB, command=(sys.executable, "-P", load_worker.__file__, how))
    context = Context(
        clock=MonotonicClock(), seed=Seed(1), flow=PoissonFlow(), pacing=Constant(100), probes=(), stopped=lambda: False,
        progress=lambda _: None, crew=crew,
    )  # fmt: skip
    journal = Journal(tmp_path / "it")
    try:
        return Load(commands=commands).run(engine, journal, replace(context, **changes))
    finally:
        journal.close()


def after(looks):
    """Asked so often, the user ends it."""
    left = iter(range(looks))
    return lambda: next(left, None) is None


def test_its_settings_are_evidence_and_a_time_takes_the_place_of_a_number():
    load = Load(commands=5, answer_timeout_ns=7)
    assert load.settings() == {"commands": 5, "duration_ns": 0, "answer_timeout_ns": 7}
    assert load.lasting(9) == Load(commands=NO_BOUND, duration_ns=9, answer_timeout_ns=7)


def test_without_workers_there_is_no_load(tmp_path):
    with pytest.raises(SetupError, match="--workers N"):
        outcome(Joinable(FakeClock()), tmp_path, crew=None)


def test_workers_that_cannot_send_are_no_fault_of_the_engine(tmp_path):
    told = outcome(Joinable(FakeClock()), tmp_path)
    assert (told.status, told.failure) == ("generator failed", "")
    assert "it has no words" in told.generator


def test_an_engine_that_nobody_can_join_has_failed(tmp_path):
    with pytest.raises(EngineDiedError, match="it is gone"):
        outcome(Gone(FakeClock()), tmp_path)


@pytest.mark.parametrize(("how", "answers"), [("goes on", 6), ("leaves one unsaid", 4)])
def test_once_all_that_was_sent_is_answered_workers_wait_no_longer(how, answers, tmp_path):
    """Each of the two has three to send. Of cancels that no session answers they could not know; the drop copy told it."""
    told = outcome(Telling(answers), tmp_path, how, commands=6, stopped=after(2_000))
    assert (told.status, told.failure, told.cut) == ("finished", "", False)


@pytest.mark.parametrize(("answers", "commands"), [(5, 6), (6, 7)], ids=["one is unanswered", "one is not sent yet"])
def test_else_they_go_on_waiting(answers, commands, tmp_path):
    told = outcome(Telling(answers), tmp_path, "goes on", commands=commands, stopped=after(100))
    assert (told.status, told.cut) == ("interrupted", True)


def test_a_drop_copy_that_tells_too_much_ends_the_load_at_a_bound(tmp_path, monkeypatch):
    monkeypatch.setattr(hearing, "LIMIT_BYTES", 112 * 10_000)
    told = outcome(Telling(0, further=12_000), tmp_path, "goes on", stopped=after(2_000))
    assert (told.status, told.cut) == ("bound reached", True), "what was under way then is nobody's fault"
