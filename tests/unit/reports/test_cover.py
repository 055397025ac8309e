"""What stands beside the verdict: what makes the run doubtful, and what somebody accepted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes.run_folder import CHANGED, EMPTY, INVALID, WAIVED, Made


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
