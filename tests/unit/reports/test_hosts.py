"""What a report tells of the machine, and what of it is marked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from harness.base.judgement import Measured
from harness.evidence.archive import Archive
from harness.evidence.run import HostUse
from harness.evidence.store import write_json
from reports.formats.html import FORMAT as HTML
from reports.formats.markdown import FORMAT as MARKDOWN
from reports.hosts import CHECK, COLUMNS, Host, host
from tests.fakes import run_folder
from tests.fakes.machines import quiet
from tests.fakes.run_folder import GO, Made, check


def figure(metric: str, value: float, limit: str = "", verdict: str = "told", unit: str = "share") -> Measured:
    return Measured(metric=metric, stat="", value=value, low=value, high=value, unit=unit, limit=limit, verdict=verdict)


STOLEN = figure("host.steal", 0.03, "<1%", "fail")
KEPT = figure("host.steal", 0.0, "<1%", "pass")


def written(folder: Path, made: Made, *, use: HostUse | None = None, **machine: object) -> Archive:
    """A run with this machine, which did so while `poisson` was driven."""
    archive = Archive(run_folder.write(folder / "run", made))
    write_json(
        archive.folder / "run.json",
        msgspec.structs.replace(archive.run, host=msgspec.structs.replace(archive.run.host, **machine)),
    )
    record = msgspec.structs.replace(archive.scenario("poisson"), host=use, others_cpu=0.31, idle_cpu=0.42)
    write_json(archive.folder / "scenarios/poisson/scenario.json", record)
    return Archive(archive.folder)


def told(archive: Archive) -> Host:
    return host(archive, archive.verdict())


def heard(*measures: Measured, scenario: str = "poisson") -> Made:
    verdict = "unknown" if any(one.verdict == "fail" for one in measures) else "pass"
    return replace(GO, checks=(*GO.checks, check(CHECK, verdict, scenario=scenario, measures=measures)))


def test_what_broke_its_limit_is_marked_and_nothing_else(tmp_path: Path) -> None:
    archive = written(
        tmp_path, heard(STOLEN, figure("host.others_cpu", 0.31, "<50%", "pass")), use=quiet(steal=0.03, io_stall=0.002)
    )
    page = told(archive)
    (row, other) = page.meanwhile
    assert [one.words for one in row.figures] == ["31 %", "42 %", "3 %", "0 %", "0.2 %"]
    assert [one.what for one in row.figures if one.wrong] == ["stolen"]
    assert not any(one.wrong for one in other.figures)
    assert page.note.startswith(
        "Too noisy for the limits of this use in Poisson: a limit on times that was broken there is undecided"
    )
    for form in (HTML, MARKDOWN):
        text = form.render(archive, tmp_path).read_text()
        assert (
            '<td class="n is-unknown" data-label="stolen">3 %</td>'
            if form is HTML
            else "stolen **3 %**, quota spent 0 %,"
        ) in text


def test_a_quiet_machine_is_said_to_be_one(tmp_path: Path) -> None:
    assert (
        told(written(tmp_path, heard(KEPT), use=quiet())).note
        == "Within the limits of this use wherever times were judged."
    )


@pytest.mark.parametrize("made", [GO, heard(figure("host.steal", 0.5))], ids=["no times", "no limit"])
def test_a_machine_that_nobody_limits_is_not_called_quiet(tmp_path: Path, made: Made) -> None:
    assert told(written(tmp_path, made)).note == "This use sets it no limit, or judged no times."


def test_a_run_of_before_this_was_recorded_says_so(tmp_path: Path) -> None:
    row = told(written(tmp_path, GO)).meanwhile[0]
    assert [one.words for one in row.figures] == ["31 %", "42 %", "not told", "not told", "not told"]
    assert row.rest == ()


def test_what_is_wrong_with_the_machine_itself_is_marked_with_what_to_do(tmp_path: Path) -> None:
    page = told(written(tmp_path, GO, governor="powersave", virtual=True))
    assert [(one.what, one.words) for one in page.traits if one.wrong] == [
        ("Governor", "powersave: a core that rested is slow at first: cpupower frequency-set -g performance")
    ]
    assert ("Below", "virtual machine, not told by this machine") in [(one.what, one.words) for one in page.traits]


def test_sleeps_that_woke_later_than_the_policy_allows_are_marked(tmp_path: Path) -> None:
    late = figure("host.sleep_overshoot", 2e6, "<1ms", "fail", unit="ns")
    machine = {"sleeps": 200, "sleep_late_p50_ns": 70_000, "sleep_late_p99_ns": 2_000_000}
    marked = told(written(tmp_path, heard(late), use=quiet(), **machine))
    assert [one.what for one in marked.traits if one.wrong] == ["Sleep"]
    assert not [one for one in told(written(tmp_path / "other", GO, **machine)).traits if one.wrong]


def rest(folder: Path, *measures: Measured, **use: object) -> dict[str, str]:
    row = told(written(folder, heard(*measures), use=quiet(**use))).meanwhile[0]
    return {one.what: one.words for one in row.rest}


def test_the_rest_is_told_in_words(tmp_path: Path) -> None:
    said = rest(
        tmp_path,
        cpu_stall=0.25,
        memory_stall=None,
        preempted=1_250,
        frequency_khz_low=800_000,
        frequency_khz_high=3_600_000,
        engine_cores=(2, 3),
    )
    assert said == {
        "Waited for a core": "25 %, gonogo and the engine among those who waited",
        "Waited for memory": "not told",
        "Lost a core": "a thread of gonogo 1,250 times, 125/s",
        "Clock of the cores": "0.8 to 3.6 GHz, at the beginning and the end",
        "The engine may use": "2 cores: 2, 3",
        "The engine's clock": "it tells no time",
    }


def test_what_the_machine_does_not_tell_is_not_made_up(tmp_path: Path) -> None:
    said = rest(tmp_path)
    assert said["Clock of the cores"] == "not told"
    assert said["The engine may use"] == "the same cores as gonogo, or it has no process here"


@pytest.mark.parametrize(
    ("drift_ns", "words"),
    [
        ((), "; too short to tell a drift"),
        ((0, 0, 0), "; no drift above 0 ns a second"),
        ((300, -1_200, 1_800), "; no drift above 1.8 µs a second"),
        ((12_000, 11_000, 13_000), "; it falls behind ours by 12 µs (11 to 13) a second"),
        ((-1_500, -1_600, -1_400), "; it runs ahead of ours by 1.5 µs (1.4 to 1.6) a second"),
    ],
)
def test_the_engines_clock_is_told_with_its_drift(tmp_path: Path, drift_ns: tuple[int, ...], words: str) -> None:
    spread = figure("host.clock_spread", 3_400_000, unit="ns")
    drift = Measured(
        **(
            msgspec.structs.asdict(spread)
            | {"metric": "host.clock_drift"}
            | dict(zip(("value", "low", "high"), drift_ns, strict=bool(drift_ns)))
        )
    )
    said = rest(tmp_path, spread, *([drift] if drift_ns else []))
    assert (
        said["The engine's clock"] == f"its stamps moved by 3.4 ms against ours, the way of its answers with it{words}"
    )


def test_there_is_a_figure_for_each_column(tmp_path: Path) -> None:
    rows = told(written(tmp_path, GO, use=quiet())).meanwhile
    assert {tuple(one.what for one in row.figures) for row in rows} == {COLUMNS}
