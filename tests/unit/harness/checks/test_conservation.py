"""Each lot that appears or disappears is told, with the arithmetic that it breaks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engines.plain.engine import PlainEngine
from engines.specimens.cancel_loses_neighbour import CancelLosesNeighbour
from harness.base.bits import book_rows, digest
from harness.base.capabilities import Conventions
from harness.base.reasons import Reason
from harness.base.records import NONE, Event, EventKind, commands_of
from harness.checks.conservation import CHECK
from harness.evidence.fold import StateMark
from tests.fakes.history import (
    BUY,
    INSTRUMENTS,
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
    stop,
    trade,
    triggered,
)
from tests.fakes.random_flow import random_flow

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


def test_what_was_answered_is_forgotten():
    fold = CHECK.start(info())
    folded(fold, segments(COMMANDS, EVENTS))
    assert fold._asked._open == fold._orders == {}


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


def test_an_order_of_which_nothing_was_known_is_told_once():
    (finding,) = found(
        [rested(SELL_1, 10), canceled(CANCEL_3, 1, 4, 6, Reason.USER), canceled(CANCEL_REST, 1, 6, 0, Reason.USER)]
    )
    assert (finding.kind, finding.first_command, finding.expected) == ("remaining", 1, "order 1 has 0 left")


def test_an_order_told_to_have_less_than_nothing_has_nothing():
    findings = found([EVENTS[0], rested(SELL_1, -2), canceled(CANCEL_3, 1, 1, 0, Reason.USER)])
    assert [(finding.kind, finding.got) for finding in findings] == [
        ("remaining", "it rested and was told to have -2"),
        ("more_than_open", "it lost 1"),
    ]


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
    """What it is told to have left is not held against it: that would tell one fault twice."""
    findings = found([*EVENTS[:3], trade(BUY_2, 1, 100, qty, 3)])
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


RESTING = {3: [(1, SELL, 101, 0, 3, 7)], 4: [(1, SELL, 101, 0, 3, 5)], 6: []}
"""The book behind some of the commands, by hand."""


def with_books(books, *, events=EVENTS, commands=COMMANDS, size=2**31, late=0, **run: Any):
    """The facts where the engine showed these books, by command."""
    books = {number: book_rows(rows) for number, rows in books.items()}
    states = tuple(StateMark(number=number, engine_seq=0, digest=digest(rows)) for number, rows in books.items())
    fold = CHECK.start(info(states=states, book=books.get, **run))
    return folded(fold, segments(commands, events, size, late))


@pytest.mark.parametrize(("size", "late"), [(100, 0), (1, 0), (2, 2)])
def test_a_book_that_holds_what_is_open_passes(size, late):
    facts = with_books(RESTING, size=size, late=late)
    assert facts.findings == ()
    assert facts.told["books compared"] == "3"


BROKEN = {
    "an order lost": ([], "no sell order", (3,)),
    "a lot lost": ([(1, SELL, 101, 0, 3, 4)], "1 sell order of 4 lots", (3,)),
    "an order too many": ([(1, SELL, 101, 0, 3, 4), (1, SELL, 102, 0, 8, 1)], "2 sell orders of 5 lots", (3, 8)),
}


@pytest.mark.parametrize(("rows", "holds", "orders"), BROKEN.values(), ids=BROKEN)
def test_a_book_that_holds_another_amount(rows, holds, orders):
    (finding,) = with_books({4: rows}).findings
    assert finding.title == f"the engine's book of instrument 1 holds {holds}, by its own events 1 of 5 lots is open"
    assert (finding.kind, finding.first_command, finding.orders) == ("book", 4, orders)
    assert finding.expected == "after command 4, on instrument 1: 1 sell order of 5 lots"
    assert finding.got == holds


def test_each_side_and_instrument_counts_for_itself():
    other_side, other_instrument = [(1, BUY, 101, 0, 3, 5)], [(2, SELL, 101, 0, 3, 5)]
    for rows in (other_side, other_instrument):
        (finding,) = with_books({4: rows}).findings
        assert finding.count == 2


def test_a_difference_that_stays_is_counted_once():
    late = [(1, SELL, 101, 0, 3, 9)]
    (finding,) = with_books({3: late, 4: [(1, SELL, 101, 0, 3, 7)], 6: []}).findings
    assert (finding.first_command, finding.count) == (3, 1)


def test_an_order_too_many_that_stays_is_counted_once_while_others_come():
    commands = numbered([new(1, SELL, 100, 5), new(2, SELL, 101, 4)])
    first, second = commands
    events = [accepted(first), rested(first, 5), accepted(second), rested(second, 4)]
    ghost, one, other = (1, SELL, 99, 0, 8, 1), (1, SELL, 100, 0, 1, 5), (1, SELL, 101, 0, 2, 4)
    (finding,) = with_books({1: [ghost, one], 2: [ghost, one, other]}, events=events, commands=commands).findings
    assert (finding.first_command, finding.count) == (1, 1)


def test_prices_and_places_do_not_count():
    """As in an engine that keeps its book in buckets of 16 ticks."""
    commands = commands_of(random_flow(600))
    engine, events, books = PlainEngine(INSTRUMENTS), [], {}
    for at in range(0, 600, 100):
        events.append(engine.submit(commands[at : at + 100]))
        rows = engine.snapshot()
        rows["price"] //= 16
        rows["place"] = 0
        books[at + 100] = rows.tolist()
    facts = with_books(books, events=np.concatenate(events), commands=commands)
    assert (facts.findings, facts.told["books compared"]) == ((), "6")


def test_an_order_lost_without_a_word_is_missed_in_the_book():
    commands = commands_of(random_flow(600))
    engine = CancelLosesNeighbour(INSTRUMENTS)
    events = engine.submit(commands)
    facts = with_books({600: engine.snapshot().tolist()}, events=events, commands=commands)
    assert {finding.kind for finding in facts.findings} == {"book"}


def test_a_waiting_stop_stands_on_a_side_of_its_own_until_it_triggers():
    commands = numbered([stop(1, SELL, 90, 5, 100), new(2, SELL, 100, 5), new(3, BUY, 100, 1)])
    fill = trade(commands[2], 2, 100, 1, 0)
    events = [
        accepted(commands[0]),
        accepted(commands[1]),
        rested(commands[1], 5),
        accepted(commands[2]),
        fill,
        triggered(commands[0], 5, cause=commands[2]),
    ]
    waits = {
        2: [(1, SELL, 100, 0, 2, 5), (1, SELL + 2, 90, 0, 1, 5)],
        3: [(1, SELL, 100, 0, 2, 4), (1, SELL, 100, 1, 1, 5)],
    }
    assert with_books(waits, events=events, commands=commands).findings == ()
    gone = with_books({2: [(1, SELL, 100, 0, 2, 5)]}, events=events, commands=commands).findings
    assert [finding.got for finding in gone] == ["no waiting sell stop"]


def test_a_waiting_buy_stop_leaves_its_side_too():
    commands = numbered([stop(1, BUY, 110, 5, 100), new(2, BUY, 90, 1)])
    events = [accepted(commands[0]), accepted(commands[1]), rested(commands[1], 1)]
    carried = [*events, triggered(commands[0], 5, cause=commands[1])]
    rest = (1, BUY, 90, 0, 2, 1)
    assert with_books({2: [rest, (1, BUY + 2, 110, 0, 1, 5)]}, events=events, commands=commands).findings == ()
    assert with_books({2: [rest, (1, BUY, 100, 0, 1, 5)]}, events=carried, commands=commands).findings == ()


def test_a_stop_triggers_with_all_that_it_has_open():
    waiting = stop(1, SELL, 90, 5)._replace(number=1)
    assert with_books({}, events=[accepted(waiting), triggered(waiting, 5)], commands=[waiting]).findings == ()
    (finding,) = with_books({}, events=[accepted(waiting), triggered(waiting, 4)], commands=[waiting]).findings
    assert (finding.kind, finding.got) == ("remaining", "it triggered and was told to have 4")


def test_a_book_whose_events_are_not_all_in_is_left_out():
    """A run that was cut short may have lost the last events, and a later command's events show that nothing is missing."""
    assert with_books({6: RESTING[4]}, events=EVENTS[:7]).findings == ()
    cut = {"failure": "the engine died"}
    assert with_books({6: []}, events=EVENTS[:7], **cut).findings == ()
    assert with_books({6: []}, events=EVENTS[:7], interrupted=True).findings == ()
    assert with_books({4: []}, events=EVENTS[:7], **cut).findings == ()
    assert [one.kind for one in with_books({4: []}, events=EVENTS[:8], **cut).findings] == ["book"]


def test_an_event_of_a_command_that_was_never_sent_ends_no_wait():
    stray = rested(SELL_1, 10)._replace(command=2**60, order=77, kind=int(EventKind.DONE))
    assert with_books({4: RESTING[4]}, events=[EVENTS[0], stray, *EVENTS[1:]]).findings == ()
