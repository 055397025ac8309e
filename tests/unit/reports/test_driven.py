"""What was driven, by scenario."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from harness.base.findings import Distribution
from harness.base.notes import FlowNotes
from harness.base.shortfall import Shortfall
from harness.evidence.archive import Archive
from harness.evidence.load_file import ClockRecord, LoadRecord, SenderRecord
from harness.evidence.run import PeakRecord, ProcessesRecord, ScenarioRecord
from harness.evidence.store import write_json
from reports.driven import driven, in_words
from reports.texts import Anchors
from tests.fakes import run_folder
from tests.fakes.run_folder import GO

NOTHING = Distribution(buckets=(), low=0, high=0)


def test_every_scenario_tells_its_flow_pace_and_end(shown) -> None:
    first, second = shown(GO).driven
    assert (first.name, first.anchor, second.anchor) == ("poisson", "scenario.poisson", "scenario.cases")
    assert (first.commands, first.pace, first.took, first.status) == (6, "20,000/s", "60 s", "finished")
    assert first.about == "Orders of the zero-intelligence kind at a steady pace."
    settings = dict(first.settings)
    assert settings.pop("Conventions").startswith("self trade none, replace keeps place quantity down, ")
    assert settings == {
        "Flow": "Poisson: instruments 3, accounts 4", "Pacing": "Poisson arrivals: rate 20,000/s",
        "Drive": "repeats 2", "Book": "stays under 4,000 orders",
    }  # fmt: skip


def test_settings_have_units_and_what_is_not_used_is_left_out(tmp_path: Path) -> None:
    folder = run_folder.write(tmp_path / "run", GO)
    path = folder / "scenarios/poisson/scenario.json"
    record = msgspec.json.decode(path.read_bytes(), type=ScenarioRecord)
    settings = {"commands": 2_000, "duration_ns": 0, "answer_timeout_ns": 5_000_000_000}
    write_json(path, msgspec.structs.replace(record, settings=settings, rate_per_s=0.0, duration_ns=0))
    first = driven(Archive(folder), Anchors())[0]
    assert (first.pace, first.took) == ("unpaced", "no time")
    assert dict(first.settings)["Drive"] == "commands 2,000, answer timeout 5 s"


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (ProcessesRecord(whose="own"), "of the processes that gonogo started as the engine, and of all that these started"),
        (ProcessesRecord(whose="found"), "of the process that listens at the engine's endpoint, and of all that it started"),
        (ProcessesRecord(whose="inside"), "of gonogo together with the engine, which works inside it"),
        (ProcessesRecord(whose="unknown", why="it is elsewhere"), "none of the engine's processes: it is elsewhere"),
        (None, None),
    ],
)  # fmt: skip
def test_whose_figures_the_samples_hold_is_told(
    tmp_path: Path, record: ProcessesRecord | None, words: str | None
) -> None:
    folder = run_folder.write(tmp_path / "run", GO)
    place = folder / "scenarios" / "poisson" / "scenario.json"
    write_json(
        place, msgspec.structs.replace(msgspec.json.decode(place.read_bytes(), type=ScenarioRecord), processes=record)
    )
    assert dict(driven(Archive(folder), Anchors())[0].settings).get("Samples") == words


def test_a_stated_peak_and_what_of_the_time_was_not_driven_are_told(tmp_path: Path) -> None:
    folder = run_folder.write(tmp_path / "run", GO)
    path = folder / "scenarios/poisson/scenario.json"
    record = msgspec.json.decode(path.read_bytes(), type=ScenarioRecord)
    peak = PeakRecord(times=2, commands_per_s=40_000, source="gateway log of May")
    short = Shortfall(reached_ns=10**9, asked_ns=3 * 10**9, sent=100, asked=300)
    write_json(path, msgspec.structs.replace(record, peak=peak, short=short))
    first = driven(Archive(folder), Anchors())[0]
    assert dict(first.settings)["Stated peak"] == "2 times 40,000/s (gateway log of May)"
    assert first.status == "finished; the commands ended after 1 s of 3 s: 100 of 300"


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        ("Unpaced()", "Unpaced"),
        ("CancelHeavyFlow(markets=2, resting=2000, without=())", "Cancel heavy: markets 2, resting 2,000"),
        (
            "ReplayFlow(path='day.csv.gz', without=('replace', 'ioc'), modify_by_cancel=False)",
            "Replay: path day.csv.gz, without replace and ioc",
        ),
        (
            "CasesFlow(folder=None, mass_cancel=True, share=0.5, wait_ns=5000000)",
            "Cases: mass cancel, share 0.5, wait 5 ms",
        ),
        (
            "Bursts(inner=Constant(rate_per_s=10), offset=-1, width_ns=0)",
            "Bursts: inner (Constant: rate 10/s), offset \u22121",
        ),
        (
            "Shaped(shape=Ramp(from_per_s=2000, to_per_s=30000, over_ns=10000000000), poisson=True, mean_per_s=0)",
            "Shaped: shape (Ramp: from 2,000/s, to 30,000/s, over 10 s), poisson",
        ),
        (
            "Shaped(shape=Steps(rates_per_s=(5000, 20000), each_ns=2000000000), poisson=False, mean_per_s=9000)",
            "Shaped: shape (Steps: rates 5,000/s and 20,000/s, each 2 s), mean 9,000/s",
        ),
        ("two words", "two words"),
        ("Flow(a=b)", "Flow(a=b)"),
        ("Flow(" * 5_000, "Flow(" * 5_000),
        ("x\x00()", "x\x00()"),
        ("Flow(a={[]: 1})", "Flow(a={[]: 1})"),
        (f"Flow(a={10**400})", f"Flow(a={10**400})"),
    ],
    ids=range(13),
)
def test_a_recipe_is_told_in_words_where_it_can_be_read(recipe: str, words: str) -> None:
    assert in_words(recipe) == words


def test_what_a_flow_tells_under_its_own_name_stands_beside_its_settings(tmp_path: Path) -> None:
    folder = run_folder.write(tmp_path / "run", GO)
    path = folder / "scenarios/poisson/scenario.json"
    record = msgspec.json.decode(path.read_bytes(), type=ScenarioRecord)
    notes = FlowNotes(told={"cases": "61 hand-made ones", "records": "8,768"})
    write_json(path, msgspec.structs.replace(record, flow="CasesFlow(mass_cancel=True)", notes=notes, settings={}))
    settings = driven(Archive(folder), Anchors())[0].settings
    assert [pair for pair in settings if pair[0] != "Conventions"] == [
        ("Flow", "Cases: mass cancel; 61 hand-made ones"), ("Pacing", "Poisson arrivals: rate 20,000/s"), ("Records", "8,768"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("beside", "words"),
    [
        ("", "at most 64 MiB are kept, the rest was judged while the run went on"),
        (
            "was killed by signal 9",
            "at most 64 MiB are kept, the rest was judged while the run went on; the judge beside the run was killed by signal 9",
        ),
    ],
)
def test_a_bounded_history_is_told_with_what_became_of_its_judge(tmp_path: Path, beside: str, words: str) -> None:
    folder = run_folder.write(tmp_path / "run", GO)
    path = folder / "scenarios/poisson/scenario.json"
    record = msgspec.json.decode(path.read_bytes(), type=ScenarioRecord)
    write_json(path, msgspec.structs.replace(record, history_bytes=64 << 20, beside=beside))
    bounded, whole = driven(Archive(folder), Anchors())
    assert dict(bounded.settings)["History"] == words
    assert "History" not in dict(whole.settings)


def told_of(tmp_path: Path, body: bytes) -> str:
    """What is said of who sent the first scenario, by such a load.json."""
    folder = run_folder.write(tmp_path / "run", GO)
    (folder / "scenarios/poisson/load.json").write_bytes(body)
    return dict(driven(Archive(folder), Anchors())[0].settings)["Sent by"]


def test_workers_are_counted_and_those_of_other_machines_told_with_their_clocks(tmp_path: Path) -> None:
    here = SenderRecord(accounts=(1,), sent=1, received=1, response=NOTHING, service=NOTHING)
    clock = ClockRecord(offset_ns=1_500_000, doubt_ns=2_000_000, drift_ns=0)
    far = msgspec.structs.replace(here, machine="bench-2 (192.0.2.7)", clock=clock)
    load = LoadRecord(senders=(here, far), response=NOTHING, service=NOTHING, copied=0)
    said = told_of(tmp_path, msgspec.json.encode(load))
    assert said == f"2 workers; bench-2 (192.0.2.7): {clock.words()}; {clock.caveat()}"
    assert "2.000 ms" in clock.caveat()


def test_a_damaged_load_file_is_said_and_the_report_is_there(tmp_path: Path) -> None:
    assert "load.json is not what it should be" in told_of(tmp_path, b"{")
