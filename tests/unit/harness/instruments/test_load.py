"""A load by workers, as an instrument: its bounds, and how it ends where the workers cannot do their part. Whole loads: tests/e2e/test_workers.py."""

import sys
from dataclasses import replace

import pytest

from harness.base.clock import MonotonicClock
from harness.base.errors import EngineDiedError, SetupError
from harness.base.seeds import Seed
from harness.engine_file import EngineFile
from harness.evidence.journal import Journal
from harness.flows.poisson import PoissonFlow
from harness.instruments import Context
from harness.instruments.load import NO_BOUND, Load
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


def outcome(engine, tmp_path, how="cannot", **changes):
    crew = Crew(workers=2, job=JOB, command=(sys.executable, "-P", load_worker.__file__, how))
    context = Context(
        clock=MonotonicClock(), seed=Seed(1), flow=PoissonFlow(), pacing=Constant(100), probes=(), stopped=lambda: False,
        progress=lambda _: None, crew=crew,
    )  # fmt: skip
    journal = Journal(tmp_path / "it")
    try:
        return Load(commands=10).run(engine, journal, replace(context, **changes))
    finally:
        journal.close()


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
