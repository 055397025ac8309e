"""Lets what is left of a market order rest, at price 0.

It stands for an engine that has one path for all remainders: a market order carries no price, the field holds 0, and what is left of a
sale stands as the best offer in the book, free for whoever comes next.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import OrderType


class MarketRemainderRests(PlainEngine):
    """Breaks: what is left of a market order is canceled."""

    def settle_remainder(self, taker: Order) -> None:
        if taker.type == OrderType.MARKET:
            taker.price = 0
            self.rest(taker)
        else:
            super().settle_remainder(taker)


SPECIMEN = SpecimenPlug(
    about="what is left of a market order rests at price 0",
    kind="matching",
    caught_by=("lifecycle", "model"),
    build=MarketRemainderRests,
)
