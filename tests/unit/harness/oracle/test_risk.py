"""Risk limits: which an order breaks by its own price and quantity, and by which price the last two are measured."""

from __future__ import annotations

from typing import Any

import pytest

from harness.base.capabilities import Conventions, Instrument, RiskLimits
from harness.base.reasons import Reason
from harness.base.records import NONE
from harness.base.words import say_event
from harness.oracle.model import Model
from harness.oracle.risk import broken_limits, reference_price
from tests.fakes.history import ALL, BUY, MARKET, SELL, cancel, market, new, numbered, replace, stop

QTY, VALUE, COLLAR = Reason.RISK_ORDER_QUANTITY, Reason.RISK_ORDER_VALUE, Reason.RISK_PRICE_COLLAR


def held(**limits: Any) -> Instrument:
    return Instrument(
        id=1, symbol="HELD", price_min=-(2**62), price_max=2**62, qty_max=2**62, risk=RiskLimits(**limits)
    )


BROKEN = {
    "the most lots": ({"order_qty_max": 10}, new(1, BUY, 100, 10), 100, []),
    "one more": ({"order_qty_max": 10}, new(1, BUY, 100, 11), 100, [QTY]),
    "one more by a stop": ({"order_qty_max": 10}, stop(1, BUY, 100, 11), 100, [QTY]),
    "one more by a replace": ({"order_qty_max": 10}, replace(1, 1, 100, 11), 100, [QTY]),
    "the most value": ({"order_value_max": 1_000}, new(1, BUY, 100, 10), 1, []),
    "more value": ({"order_value_max": 1_000}, new(1, BUY, 101, 10), 1, [VALUE]),
    "the value of a price below zero": ({"order_value_max": 1_000}, new(1, SELL, -101, 10), 1, [VALUE]),
    "a value beyond 64 bits": ({"order_value_max": 2**62}, new(1, BUY, 2**61, 8), 1, [VALUE]),
    "a market order's value is that of the reference price": (
        {"order_value_max": 1_000}, market(1, BUY, 10), 101, [VALUE],
    ),
    "a market order's own price is ignored": (
        {"order_value_max": 1_000}, new(1, BUY, 101, 10, type=MARKET), 100, [],
    ),
    "no reference price, no value": ({"order_value_max": 1_000}, market(1, BUY, 1_000), None, []),
    "a stop's value is that of its stop price": (
        {"order_value_max": 1_000}, stop(1, BUY, 101, 10), 1, [VALUE],
    ),
    "a stop limit's that of its limit": ({"order_value_max": 1_000}, stop(1, BUY, 101, 10, 100), 1, []),
    "a replace's value": ({"order_value_max": 1_000}, replace(1, 1, 101, 10), 1, [VALUE]),
    "the edge of the collar": ({"collar_ticks": 5}, new(1, BUY, 105, 1), 100, []),
    "above it": ({"collar_ticks": 5}, new(1, SELL, 106, 1), 100, [COLLAR]),
    "below it": ({"collar_ticks": 5}, new(1, BUY, 94, 1), 100, [COLLAR]),
    "a collar without a reference price": ({"collar_ticks": 5}, new(1, BUY, 9_000, 1), None, []),
    "a collar around zero": ({"collar_ticks": 5}, new(1, BUY, -6, 1), 0, [COLLAR]),
    "a replace out of the collar": ({"collar_ticks": 5}, replace(1, 1, 106, 1), 100, [COLLAR]),
    "a market order has no collar": ({"collar_ticks": 5}, new(1, BUY, 900, 1, type=MARKET), 100, []),
    "nor has a stop": ({"collar_ticks": 5}, stop(1, BUY, 900, 1), 100, []),
    "nor a stop limit": ({"collar_ticks": 5}, stop(1, BUY, 900, 1, 901), 100, []),
    "an absent price breaks none": ({"collar_ticks": 5, "order_value_max": 9}, new(1, BUY, NONE, 1), 100, []),
    "all that are broken, in order": (
        {"order_qty_max": 1, "order_value_max": 1, "collar_ticks": 1}, new(1, BUY, 9, 2), 100, [QTY, VALUE, COLLAR],
    ),
    "no limit": ({}, new(1, BUY, 2**61, 2**61), 1, []),
}  # fmt: skip


@pytest.mark.parametrize(("limits", "command", "reference", "wanted"), BROKEN.values(), ids=BROKEN)
def test_which_limits_are_broken(limits, command, reference, wanted):
    assert list(broken_limits(held(**limits), command, reference)) == wanted


def test_the_reference_price_is_the_last_trade_and_before_it_what_is_declared():
    assert reference_price(held(reference_price=90), 100) == 100
    assert reference_price(held(reference_price=90), None) == 90
    assert reference_price(held(reference_price=0), None) == 0
    assert reference_price(held(), None) is None


def answers(instrument, *commands):
    """The first event that answers each command, in words."""
    model = Model([instrument], Conventions(), ALL)
    return [say_event(model.apply(command)[0]) for command in numbered(commands)]


def test_the_collar_follows_the_last_trade():
    told = answers(
        held(collar_ticks=5, reference_price=100),
        new(1, SELL, 106, 1), new(2, SELL, 104, 9), new(3, BUY, 104, 1, account=2), new(4, SELL, 106, 1), new(5, BUY, 98, 1),
    )  # fmt: skip
    assert told == [
        "rejected #1 (risk price collar)", "accepted #2, 104 x 9", "accepted #3, 104 x 1", "accepted #4, 106 x 1",
        "rejected #5 (risk price collar)",
    ]  # fmt: skip


def test_the_reference_price_is_no_trade_to_a_stop():
    assert answers(held(reference_price=100), stop(1, BUY, 90, 5), cancel(1)) == [
        "accepted #1, x 5",
        "canceled 5 of #1 (user), 0 left",
    ]


def test_a_triggered_order_is_not_looked_at_again_and_cancels_never():
    """The stop limit at 120 is far out of the collar when it triggers; canceled in part it is too large still."""
    model = Model([held(collar_ticks=5, order_qty_max=5, reference_price=100)], Conventions(), ALL)
    commands = [stop(1, BUY, 101, 5, 120), new(2, SELL, 101, 1, account=2), new(3, BUY, 101, 1), cancel(1, 9)]
    told = [say_event(event) for command in numbered(commands) for event in model.apply(command)]
    assert told[-3:] == [
        "triggered #1 at 101, 5 left",
        "rested #1 at 120, 5 left",
        "canceled 5 of #1 (user), 0 left",
    ]


def test_a_refused_replace_leaves_the_order_as_it_was():
    told = answers(held(order_qty_max=5), new(1, BUY, 100, 5), replace(1, 2, 100, 6), cancel(1))
    assert told[1:] == ["replace rejected #1 (risk order quantity)", "canceled 5 of #1 (user), 0 left"]
