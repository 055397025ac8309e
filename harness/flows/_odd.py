"""Prices and quantities at the bounds of an instrument, just beyond them, and absent: where an engine's comparisons are off by one."""

from __future__ import annotations

from typing import TypeVar

from harness.base.capabilities import Instrument
from harness.base.records import NONE
from harness.flows._swarm import center

ODD = 255
ODD_FROM = 224
"""Odd values stand at the upper end of a byte, so that lower ones are plainer."""
MOST = 2**63 - 1
Value = TypeVar("Value")


def odd_prices(instrument: Instrument) -> tuple[int, ...]:
    """Around the bounds, the price step, the collar as it is where the last trade was at the center, and no prices at all."""
    low, high, step, middle = instrument.price_min, instrument.price_max, instrument.price_step, center(instrument)
    collar = instrument.risk.collar_ticks
    held = tuple(middle + sign * (collar + by) for sign in (-1, 1) for by in (-step, -1, 0, 1, step)) if collar else ()
    return (low, low - 1, low + step, high, high + 1, high - step, *held, middle + 1, 0, -middle, NONE, NONE + 1, MOST)


def odd_quantities(instrument: Instrument, price: int) -> tuple[int, ...]:
    """Around the bounds, the limits of quantity and value, and no quantities at all."""
    low, high, limits = instrument.qty_min, instrument.qty_max, instrument.risk
    worth = limits.order_value_max // abs(price) if limits.order_value_max and price not in {0, NONE} else 0
    held = tuple(limit + by for limit in (limits.order_qty_max, worth) if limit for by in (-1, 0, 1))
    return (low, low - 1, high, high + 1, high - 1, *held, 0, -1, NONE, MOST)


def among(values: tuple[Value, ...], byte: int) -> Value:
    """The one that the byte names; the highest byte names the first."""
    return values[(ODD - byte) % len(values)]
