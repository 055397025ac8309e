"""Keeps prices in currency, as 32-bit floating point, and cuts them to whole ticks when a trade is told.

It stands for a price that is a float anywhere between the wire and the book. 0.29 is stored as a little less, comes back as 28.99 ticks,
and is cut to 28: one tick too little, at some prices only, and never at round ones.
"""

from __future__ import annotations

import numpy as np

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug


class FloatPrice(PlainEngine):
    """Breaks: a trade is at the maker's price."""

    def trade_price(self, taker: Order, maker: Order) -> int:
        ticks_per_unit = 100
        stored = np.float32(super().trade_price(taker, maker) / ticks_per_unit)
        return int(float(stored) * ticks_per_unit)


SPECIMEN = SpecimenPlug(
    about="the price of a trade is sometimes a tick off, since it was a float",
    kind="matching",
    caught_by=("trade_price", "model"),
    build=FloatPrice,
)
