"""Sums of 128 bits: two words, the upper one first, that wrap around together."""

from __future__ import annotations

from typing import Any

from engines.reference.layout import Words
from engines.reference.machine import ONE, ZERO, Number, U
from engines.reference.risk import product
from harness.base.kernels import compiled

SIGN_AT, HALF = U(63), U(32)


def _plus(high: Number, low: Number, more_high: Number, more_low: Number) -> tuple[Any, Any]:
    total = low + more_low
    return high + more_high + U(total < low), total


def _minus(high: Number, low: Number, less_high: Number, less_low: Number) -> tuple[Any, Any]:
    return high - less_high - U(low < less_low), low - less_low


def _is_above(high: Number, low: Number, most_high: Number, most_low: Number) -> Number:
    """Whether one sum without a sign is above another."""
    return high > most_high or (high == most_high and low > most_low)


plus = compiled(_plus, inner=True)
minus = compiled(_minus, inner=True)
is_above = compiled(_is_above, inner=True)


def _is_negative(high: Number) -> Number:
    """Whether a sum with a sign is below 0."""
    return high >> SIGN_AT == ONE


is_negative = compiled(_is_negative, inner=True)


def _value_of(price: Number, qty: Number) -> tuple[Any, Any]:
    """Price times quantity, both without their sign."""
    left, right = U(-price) if price < 0 else U(price), U(-qty) if qty < 0 else U(qty)
    if (left | right) >> HALF == ZERO:
        return ZERO, left * right
    high, low = product(left, right)
    return high, low


value_of = compiled(_value_of, inner=True)


def _add_to(words: Words, row: Number, at: Number, high: Number, low: Number) -> None:
    """Add to the sum that stands in two columns of a row."""
    words[row, at], words[row, at + 1] = plus(words[row, at], words[row, at + 1], high, low)


def _take_from(words: Words, row: Number, at: Number, high: Number, low: Number) -> None:
    words[row, at], words[row, at + 1] = minus(words[row, at], words[row, at + 1], high, low)


add_to = compiled(_add_to, inner=True)
take_from = compiled(_take_from, inner=True)
