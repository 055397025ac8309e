"""Response times of a scenario: one figure a statistic, what a closed loop would have hidden, what is missing, and other accounts."""

from __future__ import annotations

from pathlib import Path

from harness.base.findings import Facts
from harness.base.judgement import CheckResult, Measured
from harness.evidence.archive import Archive
from harness.evidence.store import write_json
from reports.formats.html import FORMAT as HTML
from reports.formats.markdown import FORMAT as MARKDOWN
from reports.response_times import response_times
from tests.fakes import run_folder
from tests.fakes.run_folder import GO, Made, check, latency

MS = 1_000_000
STALLED = check("latency", scenario="poisson", measures=(
    latency("latency.response", "p(99.9)", 190 * MS, "<100ms", "fail"), latency("latency.response", "p(50)", 0.2 * MS),
    latency("latency.response", "p(99.9)", 191 * MS, "<1s", "pass"), latency("latency.response", "max", 201 * MS),
    latency("latency.closed_loop", "p(99.9)", 0.31 * MS), latency("latency.closed_loop", "max", 201 * MS),
))  # fmt: skip


def ratio(value: float) -> Measured:
    return Measured(
        metric="fairness.worst_account",
        stat="",
        value=value,
        low=value,
        high=value,
        unit="1",
        limit="<3",
        verdict="fail",
    )


def shown(folder: Path, *checks: CheckResult, told: dict[str, str] | None = None):
    """The times of a run with these results, and its archive."""
    place = run_folder.write(folder / "run", Made(checks=checks))
    write_json(place / "scenarios" / "poisson" / "facts" / "latency.json", Facts(seen=1, told=told or {}))
    archive = Archive(place)
    return response_times(archive, archive.verdict()), archive


def test_each_statistic_is_told_once_and_what_was_not_measured_stays_empty(tmp_path):
    (times,), _ = shown(tmp_path, STALLED)
    assert times.scenario == "Poisson"
    assert times.rows == (
        ("response", ("200 µs", "", "190 ms", "201 ms")), ("closed loop", ("", "", "310 µs", "201 ms")),
    )  # fmt: skip


def test_what_a_tester_that_waits_would_have_told_stands_beside(tmp_path):
    (times,), _ = shown(tmp_path, STALLED)
    assert times.notes == (
        "A tester that waits for each answer before it sends its next command would have told p99.9 = 310 µs of the same run, and not 190 ms.",
    )
    same = tuple(latency(f"latency.{name}", "p(99.9)", 5 * MS) for name in ("response", "closed_loop"))
    (alike,), _ = shown(tmp_path / "alike", check("latency", measures=same))
    assert alike.notes[0].endswith("p99.9 = 5 ms of the same run, as well.")


def test_what_went_missing_is_told_by_name(tmp_path):
    (times,), _ = shown(tmp_path, STALLED, told={"dropped": "3 commands", "unanswered": "0 commands"})
    assert times.notes[1] == "Dropped: 3 commands; unanswered: 0 commands."


def test_how_others_were_served_beside_a_flood(tmp_path):
    p99 = [
        latency(f"fairness.{name}_p99", "", value * MS) for name, value in (("worst", 50), ("median", 2), ("flood", 3))
    ]
    (times,), _ = shown(tmp_path, STALLED, check("fairness", "fail", measures=(ratio(18.5), *p99)))
    assert times.notes[-1] == (
        "While one account flooded, p99 was at most 50 ms for the others, 2 ms for the one in the middle of them and 3 ms for the one that flooded; "
        "the one served worst was 18.5 times as often among the slowest twentieth as all together."
    )
    (alone,), _ = shown(tmp_path / "alone", STALLED, check("fairness", "unknown"))
    assert not any("flooded" in note for note in alone.notes)


def test_a_run_of_before_is_told_without_a_closed_loop(tmp_path):
    folder = run_folder.write(tmp_path / "run", GO)
    (times,) = response_times(Archive(folder), run_folder.stored(folder))
    assert [words for words, _ in times.rows] == ["response", "service"]
    assert not any("tester" in note for note in times.notes)


def test_a_check_that_measured_nothing_has_no_times(tmp_path):
    assert shown(tmp_path, check("latency", "unknown"), check("model"))[0] == ()


def test_both_formats_tell_them(tmp_path):
    _, archive = shown(tmp_path, STALLED)
    page, text = (form.render(archive, tmp_path).read_text() for form in (HTML, MARKDOWN))
    assert '<h2 id="times">Response times</h2>' in page
    assert '<a href="#times">' in page
    assert page.count("would have told p99.9 = 310 µs of the same run, and not 190 ms.") == 1
    assert "\n| Poisson | closed loop |  |  | 310 µs | 201 ms |\n" in text
    assert "- Poisson: A tester that waits" in text
    assert (
        "Response times"
        not in HTML.render(Archive(run_folder.write(tmp_path / "none", Made(checks=()))), tmp_path).read_text()
    )
