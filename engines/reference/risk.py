"""The risk limits of an instrument: who may trade it, how large an order may be, how much worth, and how far from the last trade.

None of this is called for an instrument without a limit: one word of its bounds says so.
"""

from __future__ import annotations

from typing import Any

from engines.reference.asked import ABSENT, LIMIT, LOW, MARKET, STOPS
from engines.reference.layout import (
    COLLAR,
    GOLDEN,
    LAST_PRICE,
    NAMES_ACCOUNTS,
    ORDER_QTY,
    ORDER_VALUE_HIGH,
    ORDER_VALUE_LOW,
    State,
)
from engines.reference.machine import ONE, ZERO, Number, U
from harness.base.kernels import compiled
from harness.base.reasons import Reason

NO_REASON = int(Reason.NONE)
RISK_ORDER_QUANTITY = int(Reason.RISK_ORDER_QUANTITY)
RISK_ORDER_VALUE = int(Reason.RISK_ORDER_VALUE)
RISK_PRICE_COLLAR = int(Reason.RISK_PRICE_COLLAR)
HALF = U(32)


def _is_stranger(state: State, index: Number, account: Number) -> Number:
    """Whether an instrument names its accounts and this is none of them."""
    if state.limits[index, NAMES_ACCOUNTS] == ZERO:
        return False
    # A key is never 0, which stands for a free place.
    key = (index << HALF | account) + ONE
    mask = U(state.accounts.shape[0] - 1)
    at = ((key * GOLDEN) >> HALF) & mask
    while state.accounts[at] != ZERO and state.accounts[at] != key:
        at = (at + ONE) & mask
    return state.accounts[at] == ZERO


is_stranger = compiled(_is_stranger)


def _product(left: Number, right: Number) -> tuple[Any, Any]:
    """The upper and the lower 64 bits of the product of two words below 2**63."""
    low = (left & LOW) * (right & LOW)
    middle = (left >> HALF) * (right & LOW) + (low >> HALF)
    cross = (left & LOW) * (right >> HALF) + (middle & LOW)
    high = (left >> HALF) * (right >> HALF) + (middle >> HALF) + (cross >> HALF)
    return high, (cross << HALF) | (low & LOW)


product = compiled(_product, inner=True)


def _is_worth_more(state: State, index: Number, price: Number, qty: Number) -> Number:
    """Whether price times quantity, without the price's sign, is above the limit on an order's value; exact beyond 64 bits."""
    high, low = product(U(-price) if price < 0 else U(price), U(qty))
    most_high, most_low = state.limits[index, ORDER_VALUE_HIGH], state.limits[index, ORDER_VALUE_LOW]
    return high > most_high or (high == most_high and low > most_low)


is_worth_more = compiled(_is_worth_more, inner=True)


def _is_apart(price: Number, reference: Number, ticks: Number) -> Number:
    """Whether two prices lie more ticks apart; as words, since the distance may exceed a signed one."""
    return (U(price) - U(reference) if price > reference else U(reference) - U(price)) > ticks


is_apart = compiled(_is_apart, inner=True)


def _risk_of(state: State, index: Number, kind: Number, price: Number, stop: Number, qty: Number) -> Number:
    """The reason to hold back an order of a type, or 0."""
    limits, reference = state.limits, state.bounds[index, LAST_PRICE]
    worth = price
    if kind == MARKET:
        worth = reference
    elif kind == STOPS:
        worth = stop
    reason = NO_REASON
    if limits[index, ORDER_QTY] != ZERO and U(qty) > limits[index, ORDER_QTY]:
        reason = RISK_ORDER_QUANTITY
    elif (
        limits[index, ORDER_VALUE_HIGH] | limits[index, ORDER_VALUE_LOW] != ZERO
        and worth != ABSENT
        and is_worth_more(state, index, worth, qty)
    ):
        reason = RISK_ORDER_VALUE
    elif (
        limits[index, COLLAR] != ZERO
        and kind == LIMIT
        and reference != ABSENT
        and is_apart(price, reference, limits[index, COLLAR])
    ):
        reason = RISK_PRICE_COLLAR
    return reason


risk_of = compiled(_risk_of)
