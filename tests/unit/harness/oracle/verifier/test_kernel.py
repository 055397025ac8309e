"""Whose turn it is: events that come too early, too late, for nobody, or in pieces."""

from __future__ import annotations

import pytest

from harness.base.records import EventKind
from harness.oracle.verifier.codes import Code
from tests.fakes.every_term import every_term
from tests.fakes.lines import commands
from tests.fakes.verified import answers, at, follow, has, lacks, says, swapped

LINES = "B 90x1 #1; B 91x1 #2; cancel #1; B 92x1 #3; cancel #9; S 100x1 #4 i2"
"""Two events a new order, one a cancel: 0 and 1, 2 and 3, 4, 5 and 6, 7, 8 and 9."""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (None, ""),
        (at(4, command=2), "nothing_left 2"),
        (at(4, command=1), "out_of_place 1"),
        (at(4, command=99), "out_of_place 99"),
        (at(4, command=4), "unanswered 3"),
        (at(4, command=6), "unanswered 3"),
        (at(4, command=2**64 - 1), f"out_of_place {2**64 - 1}"),
        (at(1, command=2), "left_unfinished 1"),
        (lacks(4), "unanswered 3"),
        (swapped(1), "left_unfinished 1"),
        (swapped(0), "wrong_kind 1"),
        (lambda events: events[:-1], "left_unfinished 6"),
        (lambda events: events[:4], ""),
    ],
)
def test_whose_turn_it_is(change, said):
    assert says(LINES, change) == said


def test_a_stretch_without_answers_is_told_once_an_instrument():
    lines = "B 90x1 #1; B 91x1 #2 i2; B 92x1 #3; B 93x1 #4 i2; B 94x1 #5 i2; B 90x1 #6"
    assert says(lines, lambda events: events[-2:]) == "unanswered 1; unanswered 2"


def test_each_event_has_its_code():
    asked = commands(LINES)
    events = answers(asked)
    wrong = has(5, events[4]._replace(command=0))(at(2, price=5)(events))
    _, codes = follow(asked, wrong)
    assert [code.name for code in codes] == [
        "LEGAL", "LEGAL", "WRONG_PRICE", "NOT_JUDGED", "NOT_JUDGED", "NAMELESS", "NOT_JUDGED", "NOT_JUDGED", "NOT_JUDGED",
        "LEGAL", "LEGAL",
    ]  # fmt: skip


@pytest.mark.parametrize(("size", "late"), [(1, 0), (1, 3), (3, 1), (7, 0), (64, 2)])
def test_it_does_not_matter_where_segments_end(size, late):
    asked = every_term(300, 3)
    events = answers(asked)
    at_trade = next(place for place, event in enumerate(events) if event.kind == EventKind.TRADE and place > 300)
    wrong = at(at_trade, remaining=77)(events)
    whole, pieces = follow(asked, wrong), follow(asked, wrong, size=size, late=late)
    assert whole[1] == pieces[1]
    assert [(one.code, one.number, one.state) for one in whole[0].breaches] == [
        (one.code, one.number, one.state) for one in pieces[0].breaches
    ]
    assert whole[1].count(Code.WRONG_REMAINING) == 1
