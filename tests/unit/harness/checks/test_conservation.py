"""Each lot that appears or disappears is told, with the arithmetic that it breaks."""

from __future__ import annotations

from typing import Any

import pytest

from harness.base.capabilities import Conventions
from harness.base.reasons import Reason
from harness.base.records import NONE, Event, EventKind
from harness.checks.conservation import CHECK
from tests.fakes.history import (
    BUY,
    SELL,
    accepted,
    cancel,
    canceled,
    folded,
    info,
    new,
    numbered,
    rejected,
    replace,
    rested,
    segments,
    trade,
)

COMMANDS = numbered(
    [
        new(1, SELL, 100, 10),
        new(2, BUY, 100, 4),
        replace(1, 3, 101, 7),
        cancel(3, 2),
        new(4, SELL, 99, -1),
        cancel(3),
    ]
)
SELL_1, BUY_2, REPLACE_1, CANCEL_3, BAD_4, CANCEL_REST = COMMANDS
REPLACED = Event(
    command=3, kind=int(EventKind.REPLACED), order=1, new_order=3, price=101, qty=7, remaining=7, instrument=1
)
EVENTS = [
    accepted(SELL_1),
    rested(SELL_1, 10),
    accepted(BUY_2),
    trade(BUY_2, 1, 100, 4, 0),
    REPLACED,
    rested(SELL_1, 7)._replace(command=3, order=3, price=101),
    canceled(CANCEL_3, 3, 2, 5, Reason.USER),
    rejected(BAD_4, Reason.INVALID_QUANTITY),
    canceled(CANCEL_REST, 3, 5, 0, Reason.USER),
]


def found(events: list[Event], **run: Any):
    return folded(CHECK.start(info(**run)), segments(COMMANDS, events)).findings


@pytest.mark.parametrize(("size", "late"), [(100, 0), (1, 0), (2, 2)])
def test_a_right_history_gives_no_finding_and_tells_its_totals(size, late):
    facts = folded(CHECK.start(info()), segments(COMMANDS, EVENTS, size, late))
    assert facts.findings == ()
    assert facts.seen == len(EVENTS)
    assert facts.told == {
        "lots accepted": "14",
        "lots changed by replaces": "+1",
        "lots traded, both sides": "8",
        "lots canceled": "7",
        "lots open at the end": "0",
    }


def test_an_order_accepted_with_another_quantity():
    (finding,) = found([accepted(SELL_1)._replace(qty=11, remaining=11)])
    assert (finding.kind, finding.first_command) == ("accepted", 1)
    assert finding.expected == "order 1 accepted with 10"
    assert finding.got == "it was accepted with 11"


@pytest.mark.parametrize(
    ("place", "remaining", "expected", "got"),
    [
        (1, 9, "order 1 has 10 left", "it rested and was told to have 9"),
        (3, 1, "order 2 has 0 left", "it traded 4 and was told to have 1"),
        (6, 6, "order 3 has 5 left", "it lost 2 and was told to have 6"),
    ],
)
def test_a_remaining_quantity_that_is_not_what_is_left(place, remaining, expected, got):
    findings = found([*EVENTS[:place], EVENTS[place]._replace(remaining=remaining)])
    assert [(finding.kind, finding.expected, finding.got) for finding in findings] == [("remaining", expected, got)]


def test_one_slip_is_counted_once():
    off_by_one = [EVENTS[0], rested(SELL_1, 11), accepted(BUY_2), trade(BUY_2, 1, 100, 4, 0)]
    cancel_1 = canceled(CANCEL_3, 1, 7, 0, Reason.USER)
    (finding,) = found([*off_by_one, cancel_1])
    assert (finding.kind, finding.count, finding.first_command) == ("remaining", 1, 1)


def test_a_maker_that_forgets_its_fill():
    finding = found([*EVENTS[:4], canceled(CANCEL_3, 1, 2, 8, Reason.USER)])[0]
    assert (finding.kind, finding.first_command, finding.orders) == ("remaining", 4, (1,))
    assert finding.expected == "order 1 has 4 left"


@pytest.mark.parametrize(
    ("event", "orders", "got"),
    [
        (trade(BUY_2, 1, 100, 5, 0), (2,), "it traded 5"),
        (trade(BUY_2, 9, 100, 4, 0), (9,), "it traded 4"),
    ],
    ids=["taker", "maker"],
)
def test_a_trade_of_more_than_was_open(event, orders, got):
    (finding,) = found([*EVENTS[:3], event])
    assert (finding.kind, finding.first_command, finding.orders, finding.got) == ("more_than_open", 2, orders, got)


def test_a_cancellation_of_more_than_was_open():
    (finding,) = found([*EVENTS[:8], canceled(CANCEL_REST, 3, 6, 0, Reason.USER)])
    assert (finding.kind, finding.expected) == ("more_than_open", "at most the 5 that order 3 had open")


def test_an_order_that_is_filled_has_nothing_left_to_trade():
    (finding,) = found([*EVENTS[:4], canceled(CANCEL_3, 2, 1, 0, Reason.USER)])
    assert (finding.kind, finding.expected) == ("more_than_open", "at most the 0 that order 2 had open")


@pytest.mark.parametrize("qty", [0, -3, NONE])
def test_a_trade_without_a_quantity(qty):
    findings = found([*EVENTS[:3], trade(BUY_2, 1, 100, qty, 4)])
    assert [(finding.kind, finding.got) for finding in findings] == [("quantity", f"order 2 traded {qty}")]


def test_a_cancellation_without_a_quantity():
    (finding,) = found([*EVENTS[:6], EVENTS[6]._replace(qty=0, remaining=7)])
    assert (finding.kind, finding.got) == ("quantity", "order 3 lost 0")


def test_a_replace_that_sets_another_quantity():
    findings = found([*EVENTS[:4], REPLACED._replace(remaining=6)])
    assert [(finding.kind, finding.expected) for finding in findings] == [("replaced", "order 3 has 7 open")]


def test_a_total_counts_what_was_traded_before_under_whatever_id():
    total = Conventions(replace_quantity="total")
    (finding,) = found(EVENTS[:6], conventions=total)
    assert (finding.kind, finding.expected) == ("replaced", "order 3 has 3 open")
    right = [*EVENTS[:4], REPLACED._replace(remaining=3), EVENTS[5]._replace(remaining=3)]
    assert found(right, conventions=total) == ()
