"""Matches all prices of a bucket of 16 ticks as if they were one.

It stands for a ladder that is shortened to fit into memory or cache: the price becomes an index by a shift, and what the shift drops is
compared no more. An order trades up to 15 ticks beyond its limit.
"""

from __future__ import annotations

from engines.plain.book import Order, reaches
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import OrderType


class PriceBuckets(PlainEngine):
    """Breaks: a limit order trades at its limit or better."""

    def may_trade(self, taker: Order, maker: Order) -> bool:
        bucket_ticks = 16
        at_any_price = taker.type == OrderType.MARKET
        return at_any_price or reaches(taker.side, taker.price // bucket_ticks, maker.price // bucket_ticks)


SPECIMEN = SpecimenPlug(
    about="an order trades with all prices of its bucket of 16 ticks",
    kind="matching",
    caught_by=("trade_price", "model"),
    build=PriceBuckets,
)
