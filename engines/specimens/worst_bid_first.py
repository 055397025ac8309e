"""Keeps the bids like the offers, the cheapest first, so that who sells begins with the worst buyer.

It stands for one sorted map for both sides, read from its beginning on both. Buying works, and with one bid in the book so does selling;
with two, the seller is either paid the least that anybody offers, or finds his limit above it and trades not at all.
"""

from __future__ import annotations

from engines.plain.book import BookSide
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import Side


class WorstBidFirst(PlainEngine):
    """Breaks: best price first, on either side."""

    def empty_side(self, side: Side) -> BookSide:
        del side
        return super().empty_side(Side.SELL)


SPECIMEN = SpecimenPlug(
    about="sell orders begin at the worst bid",
    kind="matching",
    caught_by=("price_time", "model"),
    build=WorstBidFirst,
)
