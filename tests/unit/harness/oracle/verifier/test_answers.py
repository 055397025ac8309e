"""The first event of each kind of command, and the cancels of a mass cancel: each broken in one way."""

from __future__ import annotations

import pytest

from harness.base.reasons import Reason
from harness.base.records import NONE, EventKind
from tests.fakes.lines import commands
from tests.fakes.verified import answers, at, breaches, follow, has, lacks, says, swapped

LINES = "B 100x9 #1; cancel #1 x4; replace #1 #2 100x3; replace #2 #3 99x3; cancel #3; cancel #3; S 100x1 #3"
"""0 accepted, 1 rested, 2 canceled in part, 3 and 4 replaced, 5 rested, 6 canceled, 7 refused, 8 accepted, 9 rested."""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (None, ""),
        (at(0, qty=8), "wrong_qty 1"),
        (at(0, price=NONE), "wrong_price 1"),
        (at(0, side=1), "wrong_field 1"),
        (at(0, kind=EventKind.REJECTED), "refused_without_cause 1"),
        (at(0, kind=EventKind.RESTED), "wrong_kind 1"),
        (at(2, remaining=4), "wrong_remaining 2"),
        (at(2, reason=Reason.NONE), "wrong_reason 2"),
        (at(2, kind=EventKind.CANCEL_REJECTED), "refused_without_cause 2"),
        (at(3, new_order=1), "wrong_field 3"),
        (at(3, order=2), "wrong_order 3"),
        (at(4, price=100), "wrong_price 4"),
        (at(4, remaining=2), "wrong_remaining 4"),
        (lacks(5), "left_unfinished 4"),
        (at(7, kind=EventKind.CANCELED, qty=3), "taken_despite_cause 6"),
        (at(7, reason=Reason.NOT_OWNER), ""),
        (lacks(7), "unanswered 6"),
        (lacks(9), "left_unfinished 7"),
    ],
)
def test_each_kind_of_command(change, said):
    assert says(LINES, change) == said


@pytest.mark.parametrize(
    ("convention", "kept"),
    [
        ({}, True),
        ({"replace_keeps_place": "never"}, False),
        ({"replace_quantity": "total"}, True),
    ],
)
def test_a_replace_keeps_its_place_where_that_is_declared(convention, kept):
    """The other order of the price comes first if the replaced one lost its place."""
    lines = "S 100x9 #1; S 100x2 #2; B 100x1 #3 a2; replace #1 #1 100x5; B 100x1 #4 a2"
    assert says(lines, **convention) == ""
    assert says(lines, at(-1, maker=2 if kept else 1), **convention) == "wrong_maker 5"


def test_under_total_what_was_traded_counts():
    lines = "S 100x9 #1; B 100x4 #2 a2; replace #1 #1 100x7; replace #1 #1 101x4"
    assert says(lines, replace_quantity="total") == ""
    assert says(lines, at(4, remaining=7, qty=7), replace_quantity="total") == "wrong_qty 3"
    assert says(lines, at(5, kind=EventKind.REPLACED), replace_quantity="total") == "taken_despite_cause 4"


MASS = "S 100x1 #1; S 101x2 #2; B 90x3 #3; B 91x4 #4 a2; S 102x5 #5 i2; mass_cancel a1 i1; cancel #4 a2"
"""10 to 12 are cancels of orders 1 to 3, 13 is the end of them."""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (None, ""),
        (swapped(10), ""),
        (swapped(11), ""),
        (lacks(11), "left_unfinished 6"),
        (at(11, order=4), "wrong_order 6"),
        (at(11, order=5), "wrong_order 6"),
        (at(11, order=1), "not_live 6"),
        (at(11, qty=1), "wrong_qty 6"),
        (at(11, reason=Reason.USER), "wrong_reason 6"),
        (at(13, qty=4), "wrong_qty 6"),
        (swapped(12), "left_unfinished 6"),
        (lacks(13), "left_unfinished 6"),
        (lambda events: [*events[:10], *events[14:]], "unanswered 6"),
    ],
)
def test_a_mass_cancel_takes_what_it_means_in_any_order(change, said):
    assert says(MASS, change) == said


@pytest.mark.parametrize("words", ["", "a1", "a2", "a3", "i1", "i2", "i3", "buy", "sell", "a1 i1 buy", "a1 i2 sell"])
def test_whom_a_mass_cancel_means(words):
    asked = commands(MASS.replace("a1 i1", words))
    events = answers(asked)
    count = sum(event.kind == EventKind.CANCELED for event in events[10:-1])
    assert says(MASS.replace("a1 i1", words)) == ""
    done = next(event for event in events if event.kind == EventKind.DONE)
    assert done.qty == count
    if count:
        assert follow(asked, [event for event in events if event != events[10]])[0].breaches


def test_an_id_is_free_again_once_its_order_is_gone_and_not_before():
    lines = "B 90x1 #1; B 90x1 #1; cancel #1; B 90x1 #1"
    assert says(lines) == ""
    assert says(lines, at(2, kind=EventKind.ACCEPTED)) == "taken_despite_cause 2"
    assert says(lines, at(4, kind=EventKind.REJECTED)) == "refused_without_cause 4"


def test_what_is_not_offered_is_refused_and_names_any_order():
    assert says("B 90x1 #1; halt #5 #6; cancel #1", at(2, order=99)) == ""
    (breach,) = breaches("B 90x1 #1; halt; cancel #1", at(2, kind=EventKind.HALTED))
    assert (breach.code.name, breach.number) == ("TAKEN_DESPITE_CAUSE", 2)


def test_an_event_more_than_the_answer_holds():
    doubled = lambda events: [*events[:2], *events[1:]]  # noqa: E731 - a change like the others
    assert says(LINES, doubled) == "nothing_left 1"
    assert says(LINES, has(0, answers(commands(LINES))[9])) == "unanswered 1"
