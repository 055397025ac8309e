"""Trades what is left of a market order with a level that the order itself has just emptied.

It stands for a sweep that holds on to a level which went back to its pool: the loop ends one step too late, and the stale memory still
looks like an order. Somebody who was filled and went home is filled again.
"""

from __future__ import annotations

from collections import deque

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import OrderType


class PhantomLevel(PlainEngine):
    """Breaks: an order that is fully traded is gone."""

    def match(self, taker: Order) -> None:
        if taker.type != OrderType.MARKET:
            super().match(taker)
            return
        deepest = deque(self.opposite(taker.instrument, taker.side).in_matching_order(), maxlen=1)
        super().match(taker)
        # What is left of a market order found the side empty, so its deepest order is gone.
        for gone in deepest:
            qty = min(taker.open_qty, gone.traded_qty)
            if qty:
                taker.open_qty -= qty
                self.tell.trade(taker, gone, gone.price, qty)


SPECIMEN = SpecimenPlug(
    about="a market order that empties a side trades with the last order twice",
    kind="matching",
    caught_by=("conservation", "lifecycle", "model"),
    build=PhantomLevel,
)
