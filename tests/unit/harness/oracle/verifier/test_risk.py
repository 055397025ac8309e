"""The risk limits, judged against Python's integers, which never overflow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.base.capabilities import CONTROLS, Capabilities, Conventions, Instrument, RiskLimits
from harness.base.kernels import compiled
from harness.base.reasons import Reason
from harness.base.records import NONE, OrderType
from harness.oracle.verifier.risk import above, risk
from harness.oracle.verifier.setting import books_of

HIGHEST = 2**63 - 1
prices = st.integers(-HIGHEST, HIGHEST) | st.integers(-9, 9)


def _above(instruments, price, qty):
    return above(price, qty, instruments[0])


def _risk(instruments, kind, price, qty):
    return risk(instruments[0], kind, price, qty)


is_above, limit_broken = compiled(_above), compiled(_risk)


def limited(**limits):
    """One instrument with these limits, as the verifier holds it."""
    instrument = Instrument(id=1, symbol="ONE", risk=RiskLimits(**limits))
    return books_of([instrument], Conventions(), Capabilities(controls=CONTROLS)).instruments


@settings(deadline=None)
@given(prices, st.integers(1, HIGHEST), st.integers(1, 2**127))
@example(-HIGHEST, HIGHEST, HIGHEST**2)
@example(HIGHEST, HIGHEST, HIGHEST**2 - 1)
@example(2**32, 2**32, 2**64 - 1)
@example(2**32, 2**32, 2**64)
def test_a_value_of_any_size_is_judged_exactly(price, qty, limit):
    assert is_above(limited(order_value_max=limit), price, qty) == (abs(price) * qty > limit)


@settings(deadline=None)
@given(prices, prices, st.integers(1, 2**64))
@example(HIGHEST, -HIGHEST, HIGHEST)
@example(5, 2, 3)
@example(6, 2, 3)
def test_a_collar_of_any_width_is_judged_exactly(price, reference, collar):
    instruments = limited(collar_ticks=collar, reference_price=reference)
    beyond = abs(price - reference) > collar
    assert limit_broken(instruments, OrderType.LIMIT.value, np.int64(price), 1) == (
        Reason.RISK_PRICE_COLLAR if beyond else 0
    )


@pytest.mark.parametrize(
    ("kind", "price", "reason"),
    [
        (OrderType.LIMIT, 10, "RISK_ORDER_VALUE"), (OrderType.STOP, -10, "RISK_ORDER_VALUE"), (OrderType.MARKET, NONE, "RISK_ORDER_VALUE"),
        (OrderType.LIMIT, 5, "RISK_PRICE_COLLAR"), (OrderType.STOP, 5, "NONE"), (OrderType.STOP_LIMIT, 5, "NONE"), (OrderType.LIMIT, 8, "NONE"),
    ],
)  # fmt: skip
def test_which_price_is_judged(kind, price, reason):
    instruments = limited(order_value_max=90, collar_ticks=2, reference_price=10)
    assert Reason(limit_broken(instruments, kind.value, price, 10)).name == reason


def test_the_last_trade_stands_before_the_declared_price():
    instruments = limited(collar_ticks=2, reference_price=10)
    instruments["last"] = 20
    assert limit_broken(instruments, OrderType.LIMIT.value, 10, 1) == Reason.RISK_PRICE_COLLAR
    assert limit_broken(instruments, OrderType.LIMIT.value, 22, 1) == 0


def test_without_a_reference_nothing_is_held_back():
    instruments = limited(collar_ticks=1, order_value_max=1)
    assert instruments["reference"][0] == NONE
    assert limit_broken(instruments, OrderType.MARKET.value, NONE, 9) == 0
    assert limit_broken(limited(collar_ticks=1), OrderType.LIMIT.value, 9, 9) == 0


def test_the_quantity_comes_first():
    assert (
        limit_broken(limited(order_qty_max=5, order_value_max=1), OrderType.LIMIT.value, 9, 6)
        == Reason.RISK_ORDER_QUANTITY
    )
    assert limit_broken(limited(order_qty_max=5), OrderType.LIMIT.value, 9, 5) == 0
