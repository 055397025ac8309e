"""Trades at the best price only, and rests or cancels the rest though the next price is within the limit.

It stands for matching that asks for the best level once, before its loop. It is right for every order smaller than that level; a larger one
rests across the spread, and a market order goes home unfilled from a full book.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from engines.specimens._sweep import sweep


class SweepStopsAfterALevel(PlainEngine):
    """Breaks: an order trades while the best opposite price is at its limit or better."""

    def match(self, taker: Order) -> None:
        opposite = self.opposite(taker.instrument, taker.side)
        if best := opposite.front():
            sweep(self, taker, tuple(opposite.queue(best.price)))


SPECIMEN = SpecimenPlug(
    about="an order trades at one price and no further",
    kind="matching",
    caught_by=("price_time", "never_crossed", "model"),
    build=SweepStopsAfterALevel,
)
