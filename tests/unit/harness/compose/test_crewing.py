"""Which scenarios workers can send, and what each worker is told of it."""

from dataclasses import replace

import pytest

import harness
from harness.base.errors import SetupError
from harness.base.notes import FlowNotes
from harness.compose.crewing import Hiring, by_workers
from harness.compose.driving import Planned
from harness.compose.fitting import Asked
from harness.evidence.run import PeakRecord
from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.instruments.load import Load
from harness.instruments.relate import Relate
from harness.pacing import Constant, Unpaced
from harness.scenario import Scenario
from tests.fakes.clock import FakeClock
from tests.fakes.engine import FakeEngine


class Joinable(FakeEngine):
    joinable = True


def planned(**changes):
    drive = Drive(commands=500, answer_timeout_ns=7)
    scenario = Scenario(about="it", flow=PoissonFlow(), instrument=drive, pacing=Constant(100))
    made = Planned(
        name="it", scenario=scenario, flow=scenario.flow, pacing=scenario.pacing, engine=Joinable(FakeClock())
    )
    return replace(made, **changes)


def hiring(**asked):
    return Hiring(workers=3, page_port=80, asked=Asked(**asked), seed=9, data=None)


def test_a_drive_becomes_a_load_of_as_many_commands_whose_job_says_all_that_was_asked():
    peak = PeakRecord(times=2, commands_per_s=40, source="log")
    made = by_workers(planned(peak=peak), hiring(rate_per_s=5.0, duration_ns=11))
    assert made.scenario.instrument == Load(commands=500, duration_ns=0, answer_timeout_ns=7)
    assert (made.crew.workers, made.crew.page_port) == (3, 80)
    job = made.crew.job
    assert (job.scenario, job.seed, job.rate_per_s, job.asked_ns, job.peak_per_s) == ("it", 9, 5.0, 11, 40)
    assert (job.commands, job.answer_timeout_ns, job.gonogo) == (500, 7, harness.__version__)
    assert by_workers(planned(source="/there/it.py"), hiring()).crew.job.scenario == "/there/it.py"


@pytest.mark.parametrize(
    ("instrument", "why"),
    [
        (Drive(runs=2), "one order"),
        (Drive(snapshot_every=5), "one order"),
        (Relate(), "one order"),
        (Drive(), "no pace"),
    ],
)
def test_what_cannot_be_shared_is_left_out_by_name(instrument, why):
    made = planned()
    pacing = Unpaced() if why == "no pace" else made.pacing
    left = by_workers(replace(made, scenario=replace(made.scenario, instrument=instrument), pacing=pacing), hiring())
    assert why in left


def test_hand_made_cases_are_sent_by_one(monkeypatch):
    monkeypatch.setattr(PoissonFlow, "notes", lambda self: FlowNotes(cases=("one",)))
    assert "one order" in by_workers(planned(), hiring())


def test_an_engine_of_one_process_is_told():
    with pytest.raises(SetupError, match="driven by gonogo's own process alone"):
        by_workers(planned(engine=FakeEngine(FakeClock())), hiring())
