"""A trade at any price but the resting order's, or past a limit, is told."""

from __future__ import annotations

from typing import Any

import pytest

from harness.base.reasons import Reason
from harness.base.records import NONE, Event, EventKind
from harness.checks.trade_price import CHECK
from tests.fakes.history import (
    BUY,
    SELL,
    accepted,
    canceled,
    folded,
    info,
    market,
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

COMMANDS = numbered([
    new(1, SELL, 100, 5), new(2, BUY, 101, 2), replace(1, 4, 99, 8), market(5, BUY, 8), new(6, SELL, 100, -1), new(7, BUY, 90, 1), new(8, SELL, 88, 3),
])  # fmt: skip
SELL_1, BUY_2, REPLACE_1, MARKET_5, BAD_6, BUY_7, SELL_8 = COMMANDS
REPLACED = Event(
    command=3, kind=int(EventKind.REPLACED), order=1, new_order=4, price=99, qty=8, remaining=8, instrument=1
)
EVENTS = [
    accepted(SELL_1), rested(SELL_1, 5), accepted(BUY_2), trade(BUY_2, 1, 100, 2, 0),
    REPLACED, rested(SELL_1, 8)._replace(order=4, command=3, price=99),
    accepted(MARKET_5), trade(MARKET_5, 4, 99, 8, 0), rejected(BAD_6, Reason.INVALID_QUANTITY),
    accepted(BUY_7), rested(BUY_7, 1), accepted(SELL_8), trade(SELL_8, 7, 90, 1, 2), canceled(SELL_8, 8, 2, 0, Reason.USER),
]  # fmt: skip


def found(events: list[Event], size: int = 100, late: int = 0):
    return folded(CHECK.start(info()), segments(COMMANDS, events, size, late))


def broken(place: int, **fields: Any) -> list[Event]:
    return [*EVENTS[:place], EVENTS[place]._replace(**fields), *EVENTS[place + 1 :]]


@pytest.mark.parametrize(("size", "late"), [(100, 0), (1, 0), (2, 2)])
def test_a_right_history_gives_no_finding(size, late):
    facts = found(EVENTS, size, late)
    assert facts.findings == ()
    assert facts.seen == 3


def test_events_without_numbers_are_judged_all_the_same():
    nameless = [event._replace(command=0) for event in broken(3, price=101)]
    assert [finding.kind for finding in found(nameless).findings] == ["maker_price"]


def test_a_trade_at_the_takers_price_is_told():
    (finding,) = found(broken(3, price=101)).findings
    assert (finding.kind, finding.first_command, finding.orders) == ("maker_price", 2, (2, 1))
    assert finding.expected == "order 1 trades at 100, its price since command 1"
    assert finding.got == "it traded with order 2 at 101"


def test_the_price_before_a_replace_is_no_longer_the_orders():
    (finding,) = found(broken(7, price=100)).findings
    assert (finding.kind, finding.first_command) == ("maker_price", 4)
    assert finding.expected == "order 4 trades at 99, its price since command 3"


@pytest.mark.parametrize(
    ("place", "price", "expected"),
    [(3, 102, "order 2 buys at 101 or better"), (12, 87, "order 8 sells at 88 or better")],
)
def test_a_trade_past_the_takers_limit_is_told(place, price, expected):
    findings = found(broken(place, price=price)).findings
    assert [finding.kind for finding in findings] == ["maker_price", "limit"]
    assert findings[1].expected == expected


def test_a_market_order_has_no_limit():
    dear = [*EVENTS[:7], EVENTS[7]._replace(maker=0, price=10**6), *EVENTS[8:]]
    assert found(dear).findings == ()


def test_what_is_filled_or_canceled_is_forgotten():
    fold = CHECK.start(info())
    folded(fold, segments(COMMANDS, EVENTS))
    assert fold._orders == {}


def test_an_order_with_one_lot_left_is_still_known():
    commands = numbered([new(1, SELL, 100, 5), new(2, BUY, 101, 4), new(3, BUY, 101, 1)])
    offer, first, second = commands
    fills = [accepted(first), trade(first, 1, 100, 4, 0), accepted(second), trade(second, 1, 101, 1, 0)]
    (finding,) = folded(CHECK.start(info()), segments(commands, [accepted(offer), rested(offer, 5), *fills])).findings
    assert (finding.kind, finding.first_command) == ("maker_price", 3)


@pytest.mark.parametrize("fields", [{"order": 9}, {"command": 2}], ids=["of no order", "of no replace"])
def test_after_a_replace_that_cannot_be_followed_its_order_is_not_known(fields):
    events = [*EVENTS[:4], REPLACED._replace(**fields), accepted(MARKET_5), trade(MARKET_5, 4, 55, 8, 0)]
    assert found(events).findings == ()


def test_a_triggered_stop_trades_at_any_price_and_a_stop_limit_within_its_limit():
    commands = numbered(
        [new(1, SELL, 106, 9), stop(2, BUY, 105, 1), stop(3, BUY, 105, 1, 105), stop(4, BUY, 105, 1, 106)]
    )
    offer, *stops = commands
    events = [accepted(offer), rested(offer, 9), *map(accepted, stops)]
    for one in stops:
        events += [triggered(one, 1), trade(one, 1, 106, 1, 0)]
    (finding,) = folded(CHECK.start(info()), segments(commands, events)).findings
    assert (finding.kind, finding.orders) == ("limit", (3, 1))
    assert finding.expected == "order 3 buys at 105 or better"


@pytest.mark.parametrize(
    ("makers", "takers", "odd", "met"), [(2, 1, 1, 2), (1, 2, 1, 2)], ids=["the second book", "the first book"]
)
def test_a_trade_with_an_order_of_another_instrument_is_told(makers, takers, odd, met):
    commands = numbered([new(1, SELL, 100, 5, instrument=makers), new(2, BUY, 100, 5, instrument=takers)])
    offer, bid = commands
    events = [accepted(offer), rested(offer, 5), accepted(bid), trade(bid, 1, 100, 5, 0)]
    (finding,) = folded(CHECK.start(info()), segments(commands, events)).findings
    assert (finding.kind, finding.first_command, finding.orders) == ("instrument", 2, (met, odd))
    assert finding.expected == f"order 1 trades on instrument {makers}"
    assert finding.got == f"it traded with order 2 on instrument {takers}"


def test_a_trade_on_an_instrument_of_neither_order_is_told_for_both():
    (finding,) = found(broken(3, instrument=7)).findings
    assert (finding.kind, finding.count) == ("instrument", 2)


def test_a_wire_that_does_not_tell_what_remains_is_judged_all_the_same():
    replaced, late = REPLACED._replace(remaining=NONE), trade(MARKET_5, 4, 98, 1, 0)
    facts = found([accepted(SELL_1), replaced, accepted(MARKET_5), trade(MARKET_5, 4, 99, 7, 1), late])
    assert [(finding.kind, finding.first_command) for finding in facts.findings] == [("maker_price", 4)]


def test_what_was_canceled_without_a_quantity_is_forgotten():
    gone = canceled(SELL_1, 1, NONE, NONE, Reason.USER)
    facts = found([accepted(SELL_1), gone, accepted(BUY_2), trade(BUY_2, 1, 101, 2, 0)])
    assert facts.findings == ()
