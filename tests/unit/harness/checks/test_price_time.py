"""Each way to pass an order over is told by its own name, and each way to keep or lose a place is known."""

from __future__ import annotations

from typing import Any

import pytest

from harness.base.capabilities import Conventions
from harness.base.reasons import Reason
from harness.base.records import NONE, Command, Event, EventKind
from harness.checks.price_time import CHECK
from tests.fakes.history import (
    BUY,
    IOC,
    SELL,
    accepted,
    cancel,
    canceled,
    folded,
    info,
    market,
    new,
    numbered,
    replace,
    rested,
    segments,
    stop,
    trade,
)

# Sells 1, 2, 3 queue at 100 in this order, 4 at 101; then 2 goes from between, and 9 buys.
COMMANDS = numbered(
    [
        new(1, SELL, 100, 5),
        new(2, SELL, 100, 5),
        new(3, SELL, 100, 5),
        new(4, SELL, 101, 5),
        cancel(2),
        new(9, BUY, 101, 12, account=2),
    ]
)
SELL_1, SELL_2, SELL_3, SELL_4, CANCEL_2, BUY_9 = COMMANDS
ENTERED = [event for command in COMMANDS[:4] for event in (accepted(command), rested(command, 5))]
GONE = canceled(CANCEL_2, 2, 5, 0, Reason.USER)
SWEEP = [accepted(BUY_9), trade(BUY_9, 1, 100, 5, 7), trade(BUY_9, 3, 100, 5, 2), trade(BUY_9, 4, 101, 2, 0)]


def found(commands: list[Command], events: list[Event], **run: Any):
    return folded(CHECK.start(info(**run)), segments(commands, events)).findings


def changed(target: int, order: int, price: int, qty: int) -> tuple[list[Command], Event]:
    """The history in which the cancel is a replace instead, and the event that grants it."""
    command = replace(target, order, price, qty)._replace(number=5)
    event = Event(
        command=5, kind=int(EventKind.REPLACED), order=target, new_order=order, price=price, qty=qty, remaining=qty,
        instrument=1,
    )  # fmt: skip
    return [*COMMANDS[:4], command, BUY_9], event


@pytest.mark.parametrize(("size", "late"), [(100, 0), (1, 0), (2, 2)])
def test_a_right_history_gives_no_finding_and_its_marks(size, late):
    facts = folded(CHECK.start(info()), segments(COMMANDS, [*ENTERED, GONE, *SWEEP], size, late))
    assert facts.findings == ()
    assert facts.seen == 3
    assert facts.marks == {"interior_cancel": 1, "partial_fill": 1}


@pytest.mark.parametrize("target", [1, 3, 4])
def test_a_cancel_at_an_end_of_a_queue_is_no_interior_one(target):
    gone = GONE._replace(order=target)
    facts = folded(CHECK.start(info()), segments(COMMANDS, [*ENTERED, gone]))
    assert facts.marks["interior_cancel"] == 0


def test_a_better_price_passed_over():
    (finding,) = found(COMMANDS, [*ENTERED, accepted(BUY_9), trade(BUY_9, 4, 101, 5, 7)])
    assert (finding.kind, finding.first_command, finding.orders) == ("price", 6, (9, 4, 1))
    assert finding.expected == "order 9 trades with order 1 first"
    assert finding.got == "it traded with order 4 at 101, but order 1 had rested at 100 since command 1"


def test_a_higher_bid_is_the_better_one():
    commands = numbered([new(1, BUY, 90, 5), new(2, BUY, 91, 5), new(3, SELL, 80, 5)])
    events = [accepted(commands[0]), rested(commands[0], 5), accepted(commands[1]), rested(commands[1], 5)]
    (finding,) = found(commands, [*events, accepted(commands[2]), trade(commands[2], 1, 90, 5, 0)])
    assert (finding.kind, finding.orders) == ("price", (3, 1, 2))
    assert found(commands, [*events, accepted(commands[2]), trade(commands[2], 2, 91, 5, 0)]) == ()


def test_an_earlier_order_passed_over():
    (finding,) = found(COMMANDS, [*ENTERED, accepted(BUY_9), trade(BUY_9, 2, 100, 5, 7)])
    assert (finding.kind, finding.first_command) == ("time", 6)
    assert finding.got == "it traded with order 2 at 100, but order 1 had rested at 100 since command 1"


def test_events_without_numbers_are_judged_all_the_same():
    wrong = [*ENTERED, accepted(BUY_9), trade(BUY_9, 2, 100, 5, 7)]
    (finding,) = found(COMMANDS, [event._replace(command=0) for event in wrong])
    assert finding.kind == "time"


def test_a_maker_that_was_traded_in_part_stays_first():
    part = [*ENTERED, accepted(BUY_9), trade(BUY_9, 1, 100, 2, 10)]
    assert found(COMMANDS, [*part, trade(BUY_9, 1, 100, 3, 7)]) == ()
    assert [finding.kind for finding in found(COMMANDS, [*part, trade(BUY_9, 2, 100, 3, 7)])] == ["time"]


def test_a_partial_cancel_keeps_the_place():
    less = canceled(CANCEL_2, 1, 2, 3, Reason.USER)
    assert found(COMMANDS, [*ENTERED, less, accepted(BUY_9), trade(BUY_9, 1, 100, 3, 9)]) == ()


@pytest.mark.parametrize("order", [1, 7], ids=["same id", "new id"])
def test_a_lower_quantity_keeps_the_place_where_the_engine_says_so(order):
    commands, replaced = changed(1, order, 100, 3)
    events = [*ENTERED, replaced, accepted(BUY_9)]
    assert found(commands, [*events, trade(BUY_9, order, 100, 3, 9)]) == ()
    (passed_over,) = found(commands, [*events, trade(BUY_9, 2, 100, 5, 7)])
    assert (passed_over.kind, passed_over.orders) == ("time", (9, 2, order))
    to_the_back = [*ENTERED, replaced, rested(SELL_1, 3)._replace(order=order), accepted(BUY_9)]
    never = Conventions(replace_keeps_place="never")
    assert found(commands, [*to_the_back, trade(BUY_9, 2, 100, 3, 9)], conventions=never) == ()
    (finding,) = found(commands, [*to_the_back, trade(BUY_9, order, 100, 3, 9)], conventions=never)
    assert finding.kind == "time"


@pytest.mark.parametrize(("price", "qty"), [(100, 5), (100, 8)], ids=["no change", "more"])
def test_any_other_replace_loses_the_place(price, qty):
    commands, replaced = changed(1, 1, price, qty)
    back = [*ENTERED, replaced, rested(SELL_1, qty)._replace(command=5), accepted(BUY_9)]
    assert found(commands, [*back, trade(BUY_9, 2, 100, 5, 7)]) == ()
    (finding,) = found(commands, [*back, trade(BUY_9, 1, 100, 5, 7)])
    assert (finding.kind, finding.orders) == ("time", (9, 1, 2))
    assert found(commands, [*ENTERED, replaced, accepted(BUY_9), trade(BUY_9, 2, 100, 5, 7)]) == (), (
        "it did not rest yet"
    )


@pytest.mark.parametrize("number", [1, 5], ids=["of no order", "of no replace"])
def test_a_replace_that_nobody_can_follow_changes_no_queue(number):
    commands, replaced = changed(1, 1, 101, 5)
    stray = replaced._replace(order=8, new_order=8) if number == 5 else replaced._replace(command=number)
    (finding,) = found(commands, [*ENTERED, stray, accepted(BUY_9), trade(BUY_9, 3, 100, 5, 7)])
    assert (finding.kind, finding.orders) == ("time", (9, 3, 1 if number == 5 else 2))


def test_a_replaced_order_is_in_no_queue_until_it_rests():
    commands, replaced = changed(1, 1, 90, 5)
    bid = [replaced, trade(SELL_1, 9, 101, 5, 0)._replace(command=5)]
    assert found(commands, [*ENTERED, *bid, accepted(BUY_9), trade(BUY_9, 2, 100, 5, 7)]) == ()


def test_an_account_that_trades_with_itself_where_that_is_prevented():
    own = BUY_9._replace(account=1)
    events = [*ENTERED, accepted(own), trade(own, 1, 100, 5, 7)]
    commands = [*COMMANDS[:5], own]
    assert found(commands, events) == ()
    (finding,) = found(commands, events, conventions=Conventions(self_trade="cancel_newest"))
    assert (finding.kind, finding.orders) == ("self_trade", (9, 1))
    assert finding.expected == "no trade within account 1, which the engine says it prevents"


@pytest.mark.parametrize("prevented", ["none", "cancel_oldest"])
def test_account_0_is_nobody(prevented):
    nobody = [command._replace(account=0) for command in COMMANDS]
    assert found(nobody, [*ENTERED, GONE, *SWEEP], conventions=Conventions(self_trade=prevented)) == ()


@pytest.mark.parametrize(
    ("command", "reason", "stops"),
    [
        (new(9, BUY, 100, 20, IOC), Reason.IOC_REMAINDER, True),
        (new(9, BUY, 99, 20, IOC), Reason.IOC_REMAINDER, False),
        (market(9, BUY, 20), Reason.MARKET_REMAINDER, True),
        (market(9, BUY, 20)._replace(price=1), Reason.MARKET_REMAINDER, True),
        (market(9, SELL, 20), Reason.MARKET_REMAINDER, False),
        (new(9, BUY, 100, 20, IOC), Reason.SELF_TRADE, False),
        (stop(9, BUY, 1, 20), Reason.MARKET_REMAINDER, True),
        (stop(9, BUY, 1, 20, 100, tif=IOC), Reason.IOC_REMAINDER, True),
        (stop(9, BUY, 1, 20, 99, tif=IOC), Reason.IOC_REMAINDER, False),
        (new(9, BUY, 100, 20, min_qty=16), Reason.MIN_QTY_NOT_REACHED, False),
    ],
)
def test_an_immediate_order_trades_as_far_as_it_may(command, reason, stops):
    taker = command._replace(number=6)
    events = [*ENTERED, accepted(taker), canceled(taker, 9, 20, 0, reason)]
    findings = found([*COMMANDS[:5], taker], events)
    assert [finding.kind for finding in findings] == ["stopped_early"] * stops
    if stops:
        assert findings[0].expected == "order 9 trades on with order 1 at 100"


def test_an_id_given_twice_leaves_one_order_behind():
    commands = [*COMMANDS[:4], new(1, SELL, 100, 5)._replace(number=5), BUY_9]
    twice = [*ENTERED, accepted(commands[4]), rested(commands[4], 5)]
    assert found(commands, [*twice, accepted(BUY_9), trade(BUY_9, 2, 100, 5, 7)]) == ()


def test_a_rest_without_a_price_is_at_the_limit():
    bare = [event._replace(price=NONE) for event in ENTERED]
    assert found(COMMANDS, [*bare, GONE, *SWEEP]) == ()
    (finding,) = found(COMMANDS, [*bare, GONE, accepted(BUY_9), trade(BUY_9, 4, 101, 5, 7)])
    assert (finding.kind, finding.orders) == ("price", (9, 4, 1))


def test_a_maker_with_one_lot_left_was_traded_in_part():
    facts = folded(CHECK.start(info()), segments(COMMANDS, [*ENTERED, accepted(BUY_9), trade(BUY_9, 1, 100, 4, 8)]))
    assert facts.marks["partial_fill"] == 1


@pytest.mark.parametrize(("limit", "stops"), [(90, 1), (91, 0)])
def test_an_immediate_sell_trades_down_to_its_limit(limit, stops):
    commands = numbered([new(1, BUY, 90, 5), new(2, SELL, limit, 5, IOC)])
    bid, taker = commands
    gone = canceled(taker, 2, 5, 0, Reason.IOC_REMAINDER)
    findings = found(commands, [accepted(bid), rested(bid, 5), accepted(taker), gone])
    assert [finding.kind for finding in findings] == ["stopped_early"] * stops


def test_orders_that_ended_are_forgotten():
    fold = CHECK.start(info())
    folded(fold, segments(COMMANDS, [*ENTERED, GONE, *SWEEP]))
    assert list(fold._orders) == [4]
