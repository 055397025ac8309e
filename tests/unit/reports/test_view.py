"""What a report tells of a run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from harness.base.errors import EvidenceError
from harness.evidence.archive import Archive
from harness.evidence.store import write_json
from reports.view import View, view
from tests.fakes import run_folder
from tests.fakes.run_folder import EMPTY, GO, INVALID, NO_GO, UNDECIDED, Made, check, finding


@pytest.fixture
def shown(tmp_path: Path):
    def of(made: Made) -> View:
        return view(Archive(run_folder.write(tmp_path / "run", made)))

    return of


def test_go_says_over_how_much(shown) -> None:
    page = shown(GO)
    assert (
        page.why == "Every check that the use matching venue requires passes, over 2,408,236 commands in 2 scenarios."
    )
    assert (page.blocking, page.missing, page.others, page.invalid) == ((), (), (), "")
    assert page.cover == ("commit 7c1f03e7c1f0", "judged for matching venue", "3 Feb 2027, 14:02 UTC", "38 min")


def test_no_go_names_what_blocks_and_for_what_it_may_go_live(shown) -> None:
    page = shown(NO_GO)
    assert page.why == (
        "Time priority is lost after a cancel in the middle of a level. Latency response p99 breaks its limit: "
        "14.2 ms (13.9 to 14.5), wanted < 10 ms. For market analytics and research this build may go live."
    )
    assert [story.title for story in page.blocking] == [
        "Time priority is lost after a cancel in the middle of a level", "Latency response p99 breaks its limit",
    ]  # fmt: skip
    assert [story.id for story in page.others] == ["0badcafe"]
    assert page.blocking[0].where == "Seen 3 times, first at command 5 of"


def test_a_story_holds_the_end_of_its_orders_history(shown) -> None:
    lines = shown(NO_GO).blocking[0].excerpt
    assert [line.number for line in lines if not line.effect] == ["2", "3", "5"]
    assert [line.text for line in lines if line.marked] == [
        "new buy 100 x 1 #6 (account 2, instrument 1)", "accepted #6, 100 x 1", "trade #6 with #5 at 100 x 1, 0 left",
    ]  # fmt: skip


def test_a_history_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    folder = run_folder.write(tmp_path / "run", NO_GO)
    (folder / "scenarios/poisson/history/000001.events").write_bytes(b"broken")
    story = view(Archive(folder)).blocking[0]
    assert story.excerpt == ()
    assert "is no segment" in story.note


def test_undecided_says_what_is_missing(shown) -> None:
    page = shown(UNDECIDED)
    assert page.why.endswith(
        "Price time: too little evidence: 1,200 of at least 50,000 observations in the whole run. "
        "Durability: no scenario of this run tells."
    )
    assert [[(check, bool(anchor)) for check, anchor in one.checks] for one in page.missing] == [
        [("Price time", True)], [("Durability", False)],
    ]  # fmt: skip


def test_an_interrupted_run_is_said_to_be_one(shown) -> None:
    page = shown(EMPTY)
    assert page.why.startswith("The run did not finish (interrupted): 0 of 2 scenarios left evidence")
    assert [(one.what, one.why) for one in page.not_tested] == [
        ("scenario poisson", "the run ended before it: interrupted"),
        ("scenario cases", "the run ended before it: interrupted"),
    ]
    assert page.scenarios == ()
    assert [one.checks for one in page.missing] == [(("Price time", ""),)]


def test_an_invalid_run_says_why(shown) -> None:
    assert shown(INVALID).invalid.startswith("The generator fell behind its pace (p(99) of")


def test_a_waived_finding_does_not_block(shown) -> None:
    made = Made(
        verdict="GO", waived=("a1b2c3d4",), findings=(finding(),),
        checks=(check("price_time", "fail", findings=("a1b2c3d4",), reason="3 violations"),),
    )  # fmt: skip
    page = shown(made)
    assert page.blocking == ()
    assert [story.waived for story in page.others] == [True]
    assert "1 finding stood in its way and is waived." in page.why


def test_failing_checks_come_first_and_marks_never_reached_too(shown) -> None:
    page = shown(NO_GO)
    assert [row.verdict for row in page.scenarios[0].rows] == ["fail"] * 3 + ["unknown"] * 2 + ["pass"] * 6
    assert next((mark.what, mark.times) for mark in page.marks) == ("repeat", 0)
    model = next(row for row in page.scenarios[0].rows if row.name == "model")
    assert (model.reason, model.detail.splitlines()[0]) == (
        "the check itself crashed:", "Traceback (most recent call last):",
    )  # fmt: skip


def test_a_count_of_none_is_told_with_its_bound(shown) -> None:
    rows = {row.name: row for row in shown(GO).scenarios[0].rows}
    assert [figure.text for figure in rows["price_time"].judged] == ["0 of 402,337 (under 0.00092 %)"]
    assert [figure.text for figure in rows["latency"].judged] == [
        "response p99 4.13 ms (4.05 to 4.21)", "response p99.9 8.7 ms (8.53 to 8.87)",
    ]  # fmt: skip


def test_changed_evidence_is_told_and_changed_reports_are_not(tmp_path: Path) -> None:
    folder = run_folder.write(tmp_path / "run", GO)
    (folder / "report.html").write_text("anything")
    assert dict(view(Archive(folder)).measured)["Evidence"].endswith("; as sealed in manifest.sha256")
    (folder / "scenarios/poisson/history/000001.commands").write_bytes(b"changed")
    told = dict(view(Archive(folder)).measured)["Evidence"]
    assert told.endswith("; CHANGED since it was sealed: scenarios/poisson/history/000001.commands")


def test_a_verdict_without_its_own_use_is_refused(tmp_path: Path) -> None:
    folder = run_folder.write(tmp_path / "run", replace(GO))
    write_json(folder / "verdict.json", msgspec.structs.replace(run_folder.stored(folder), use="nobody"))
    with pytest.raises(EvidenceError, match="holds no verdict for its own use 'nobody'"):
        view(Archive(folder))


def test_checks_that_lack_the_same_are_told_together(shown) -> None:
    late = {"verdict": "unknown", "reason": "not valid: the generator fell behind its pace"}
    made = Made(verdict="UNDECIDED", because=("latency", "model", "throughput"),
                checks=(check("latency", **late), check("throughput", **late), check("model", "unknown", reason="no")))  # fmt: skip
    page = shown(made)
    assert [tuple(name for name, _ in one.checks) for one in page.missing] == [("Latency", "Throughput"), ("Model",)]
    assert "Latency and throughput: not valid: the generator fell behind its pace. Model: no." in page.why


def test_a_story_of_one_command_also_tells_of_the_orders_it_met(shown) -> None:
    made = replace(NO_GO, findings=(finding(orders=(6,), title="it is told. "), NO_GO.findings[1]))
    story = shown(made).blocking[0]
    assert [line.number for line in story.excerpt if not line.effect] == ["3", "5"]


def test_stories_come_in_the_order_of_what_decided(shown) -> None:
    made = Made(
        verdict="NO-GO", because=("price_time", "model"),
        checks=(check("price_time", "fail", findings=("a1b2c3d4",)), check("model", "fail", findings=("00000001",))),
        findings=(finding("00000001", "model", title="the model differs."), finding(severity="minor")),
    )  # fmt: skip
    page = shown(made)
    assert [story.check for story in page.blocking] == ["Price time", "Model"]
    assert page.why.startswith("Time priority is lost after a cancel in the middle of a level. The model differs.")
