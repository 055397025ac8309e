"""Drops an order far from the last trade, without a word.

It stands for a book that is an array of prices around the middle of the market, and for the early return where the index lies outside of
it: in a fast market, when prices run out of the array, orders vanish and nobody is told.
"""

from __future__ import annotations

from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import Command, OrderType

BAND_TICKS = 8


class BandDropsOrders(PlainEngine):
    """Breaks: every command is answered."""

    def on_new(self, new: Command) -> None:
        middle = self.last_trade.get(new.instrument, new.price)
        if new.type != OrderType.LIMIT or abs(new.price - middle) <= BAND_TICKS:
            super().on_new(new)


SPECIMEN = SpecimenPlug(
    about="a limit order far from the last trade gets no answer",
    kind="bounds",
    caught_by=("answered_once",),
    build=BandDropsOrders,
)
