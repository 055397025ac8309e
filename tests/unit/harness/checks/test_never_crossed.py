"""A bid at or above an ask is told at the order that brought it."""

from __future__ import annotations

import pytest

from harness.base.capabilities import Conventions
from harness.base.reasons import Reason
from harness.base.records import Event, EventKind
from harness.checks.never_crossed import CHECK
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
    replace,
    rested,
    segments,
    trade,
)

COMMANDS = numbered(
    [
        new(1, SELL, 100, 5),
        new(2, SELL, 101, 5),
        new(3, BUY, 100, 5),
        cancel(1),
        replace(2, 7, 101, 3),
        new(4, BUY, 101, 5),
    ]
)
SELL_1, SELL_2, BUY_3, CANCEL_1, LESS_2, BUY_4 = COMMANDS
ASKS = [accepted(SELL_1), rested(SELL_1, 5), accepted(SELL_2), rested(SELL_2, 5)]
LESS = Event(command=5, kind=int(EventKind.REPLACED), order=2, new_order=7, price=101, qty=3, remaining=3, instrument=1)


def found(events: list[Event], **run):
    return folded(CHECK.start(info(**run)), segments(COMMANDS, events)).findings


def rests(command) -> list[Event]:
    return [accepted(command), rested(command, command.qty)]


@pytest.mark.parametrize("size", [1, 100])
def test_a_right_history_gives_no_finding(size):
    events = [*ASKS, accepted(BUY_3), trade(BUY_3, 1, 100, 5, 0), *rests(BUY_3._replace(order=5))]
    facts = folded(CHECK.start(info()), segments(COMMANDS, events, size))
    assert facts.findings == ()
    assert facts.seen == 3


@pytest.mark.parametrize(("command", "got"), [(BUY_3, "bid 100, ask 100"), (BUY_4, "bid 101, ask 100")])
def test_a_bid_that_meets_the_ask(command, got):
    (finding,) = found([*ASKS, *rests(command)])
    assert (finding.kind, finding.severity, finding.first_command) == ("crossed", "critical", command.number)
    assert finding.got == f"{got} after order {command.order} had rested"


def test_an_ask_that_meets_the_bid():
    (finding,) = found([*rests(BUY_4), *rests(SELL_2)])
    assert finding.got == "bid 101, ask 101 after order 2 had rested"
    assert finding.expected == "a best bid below the best ask on instrument 1"


def test_each_instrument_has_its_own_book():
    assert found([*ASKS, *rests(BUY_4._replace(instrument=2))]) == ()


def test_what_was_filled_or_canceled_no_longer_stands_in_the_way():
    assert found([*ASKS, canceled(CANCEL_1, 1, 5, 0, Reason.USER), *rests(BUY_3)]) == ()
    assert found([*ASKS, trade(BUY_3, 1, 100, 5, 0), *rests(BUY_3)]) == ()


@pytest.mark.parametrize(
    "event", [canceled(CANCEL_1, 1, 2, 3, Reason.USER), trade(BUY_3, 1, 100, 2, 3)], ids=["cancel", "trade"]
)
def test_what_is_left_of_an_order_still_stands(event):
    (finding,) = found([*ASKS, event, *rests(BUY_3)])
    assert finding.kind == "crossed"


def test_a_replaced_order_stands_where_it_keeps_its_place():
    gone = canceled(CANCEL_1, 1, 5, 0, Reason.USER)
    (finding,) = found([*ASKS, gone, LESS, *rests(BUY_4)])
    assert finding.got == "bid 101, ask 101 after order 4 had rested"
    assert found([*ASKS, gone, LESS, *rests(BUY_4)], conventions=Conventions(replace_keeps_place="never")) == ()
    filled = trade(BUY_4, 7, 101, 3, 2)
    assert found([*ASKS, gone, LESS, accepted(BUY_4), filled, rested(BUY_4, 2)]) == ()


def test_a_replaced_order_that_moves_leaves_its_old_price():
    up = LESS._replace(price=102, qty=5, remaining=5)
    gone = canceled(CANCEL_1, 1, 5, 0, Reason.USER)
    moved = rested(SELL_2, 5)._replace(order=7, price=102, command=5)
    assert found([*ASKS, gone, up, moved, *rests(BUY_4)]) == ()


def test_an_order_told_to_rest_twice_stands_once():
    again = rested(SELL_1, 5)._replace(price=103)
    assert found([*ASKS[:2], again, *rests(BUY_3)]) == ()


def test_a_replace_that_leaves_nothing_or_takes_a_live_id_leaves_no_ghost_behind():
    nothing = LESS._replace(remaining=0)
    onto_1 = LESS._replace(new_order=1)
    gone = canceled(CANCEL_1, 1, 5, 0, Reason.USER)
    assert found([*ASKS, gone, nothing, *rests(BUY_4)]) == ()
    assert found([*ASKS, onto_1, gone, *rests(BUY_4)]) == ()
