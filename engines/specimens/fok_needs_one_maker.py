"""Lets a fill-or-kill order fill only where a single resting order is large enough.

It stands for a check that asks each maker "can you fill it?" and never adds them up: with round lots and deep queues it passes, and
in a book of many small orders it kills what had to trade.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug


class FokNeedsOneMaker(PlainEngine):
    """Breaks: the makers within a FOK's limit count together."""

    def is_fillable(self, taker: Order) -> bool:
        makers = self.opposite(taker.instrument, taker.side).in_matching_order()
        fills_alone = any(maker.open_qty >= taker.open_qty and self.may_trade(taker, maker) for maker in makers)
        return fills_alone and super().is_fillable(taker)


SPECIMEN = SpecimenPlug(
    about="a FOK is killed unless one resting order fills it alone",
    kind="matching",
    caught_by=("model", "legal"),
    build=FokNeedsOneMaker,
)
