"""The risk limits of an instrument, judged exactly."""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.base.kernels import compiled
from harness.base.reasons import Reason
from harness.base.records import NONE, OrderType

_HALF = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)
_QUANTITY, _VALUE, _COLLAR = (
    int(Reason.RISK_ORDER_QUANTITY),
    int(Reason.RISK_ORDER_VALUE),
    int(Reason.RISK_PRICE_COLLAR),
)


def _risk(instrument: Any, kind: int, price: int, qty: int) -> int:
    """The limit that the order breaks, or 0. `price` is the stop price of a stop; that of a market order is not looked at."""
    reference = instrument["last"] if instrument["last"] != NONE else instrument["reference"]
    if instrument["order_qty_max"] != 0 and qty > instrument["order_qty_max"]:
        return _QUANTITY
    valued = reference if kind == OrderType.MARKET else price
    if instrument["valued"] and valued != NONE and above(valued, qty, instrument):
        return _VALUE
    if kind == OrderType.LIMIT and instrument["collar"] != 0 and reference != NONE:
        # Unsigned, since the distance of two prices may not fit a signed word.
        apart = np.uint64(max(price, reference)) - np.uint64(min(price, reference))
        if apart > instrument["collar"]:
            return _COLLAR
    return 0


def _above(price: int, qty: int, instrument: Any) -> bool:
    """Whether price times quantity, the price without its sign, is above the limit: in 128 bits, by halves of words."""
    one, other = np.uint64(abs(price)), np.uint64(qty)
    low = (one & _LOW) * (other & _LOW)
    cross = (one >> _HALF) * (other & _LOW)
    other_cross = (one & _LOW) * (other >> _HALF)
    middle = (low >> _HALF) + (cross & _LOW) + (other_cross & _LOW)
    high = (one >> _HALF) * (other >> _HALF) + (cross >> _HALF) + (other_cross >> _HALF) + (middle >> _HALF)
    rest = (middle << _HALF) | (low & _LOW)
    return bool(
        high > instrument["value_high"] or (high == instrument["value_high"] and rest > instrument["value_low"])
    )


above = compiled(_above, inner=True)
risk = compiled(_risk, inner=True)
