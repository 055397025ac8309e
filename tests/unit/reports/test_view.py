"""What a report tells of a run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from harness.base.errors import EvidenceError
from harness.evidence.archive import Archive
from harness.evidence.store import write_json
from reports.view import view
from tests.fakes import run_folder
from tests.fakes.run_folder import CHANGED, EMPTY, GO, INVALID, WAIVED, Made


def test_an_interrupted_run_is_said_to_be_one(shown) -> None:
    page = shown(EMPTY)
    assert page.why.startswith("The run did not finish (interrupted): 0 of 2 scenarios left evidence")
    assert [(one.what, one.why) for one in page.not_tested] == [
        ("scenario poisson", "the run ended before it: interrupted"),
        ("scenario cases", "the run ended before it: interrupted"),
    ]
    assert (page.checks, page.driven) == ((), ())
    assert [one.checks for one in page.missing] == [(("Price time", ""),)]


def test_times_that_are_not_valid_leave_the_rest_standing(shown) -> None:
    alarm = shown(INVALID).alarm
    assert alarm.title == "The times of this run are not valid."
    assert alarm.text.startswith("The generator fell behind its pace (p(99) of")
    assert alarm.text.endswith("What rests on times is undecided; the rest stands.")


@pytest.mark.parametrize("made", [CHANGED, EMPTY, replace(INVALID, status="bound reached")])
def test_changed_evidence_and_an_unfinished_run_are_no_ground_at_all(shown, made: Made) -> None:
    alarm = shown(made).alarm
    assert (alarm.title, alarm.text.endswith("is no ground for going live.")) == ("This run is not valid.", True)


def test_every_waiver_says_who_accepted_what_until_when_and_why(shown) -> None:
    assert [(one.state, one.text) for one in shown(WAIVED).waivers] == [
        ("used", ("Ann Archer accepts finding a1b2c3d4 (Time priority is lost after a cancel in the middle of a level) "
                 "for the use matching venue until 31 Mar 2027: known, mended in 0.9.3.")),
        ("expired", ("The waiver of finding 0badcafe by Ann Archer for the use matching venue ended on 31 Jan 2027 and no "
                    "longer counts: known, mended in 0.9.3.")),
        ("unused", ("The waiver of finding 00000002 by Ann Archer for the use broker gateway until 31 Mar 2027 meets nothing "
                   "in this run: known, mended in 0.9.3.")),
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
