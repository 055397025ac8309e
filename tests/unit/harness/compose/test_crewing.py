"""Which scenarios workers can send, and what each worker is told of it."""

from dataclasses import replace

import pytest

import harness
from harness.base.errors import SetupError
from harness.base.notes import FlowNotes
from harness.compose import plugs
from harness.compose.crewing import Hiring, by_workers
from harness.compose.driving import Planned
from harness.compose.fitting import Asked
from harness.compose.own_files import digest
from harness.evidence.run import PeakRecord
from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.instruments.load import Load
from harness.instruments.relate import Relate
from harness.load.places import Meeting, Place
from harness.pacing import Constant, Unpaced
from harness.scenario import Scenario
from tests.fakes.clock import FakeClock
from tests.fakes.command import long_scenario_file
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


def test_workers_of_other_machines_are_told_what_their_own_files_must_be_like(tmp_path):
    meeting, path = Meeting(Place("192.0.2.1", 5557), 9.0), long_scenario_file(tmp_path)
    bundled = by_workers(planned(name="constant"), replace(hiring(), meeting=meeting)).crew
    assert bundled.meeting == meeting
    assert (bundled.job.scenario, bundled.job.scenario_digest, bundled.job.data_digest) == ("constant", "", "")
    own = by_workers(planned(name="long", source=str(path)), replace(hiring(), meeting=meeting, data=tmp_path)).crew
    assert own.meeting.words == ("long.py",)
    assert (own.job.scenario, own.job.name, own.job.scenario_digest) == ("long.py", "long", digest(path))
    assert own.job.data == "", "folders of this machine are nobody else's"


def test_the_command_of_a_worker_names_a_folder_for_recorded_data(tmp_path):
    (tmp_path / plugs.scenario("esh4").data).write_bytes(b"a day")
    met = replace(hiring(), meeting=Meeting(Place("192.0.2.1", 5557), 9.0), data=tmp_path)
    crew = by_workers(planned(name="esh4"), met).crew
    assert crew.meeting.words == ("--data", "DIR")
    assert crew.job.data_digest == digest(tmp_path / plugs.scenario("esh4").data)


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
