"""Trades halfway between the two limits.

It stands for the rule of a midpoint book or of a crossing auction that is left on in continuous trading. Both sides are within their
limits, so neither complains; who rested first gives away half of what was his.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import OrderType


class MidpointPrice(PlainEngine):
    """Breaks: a trade is at the maker's price. A market order has no price to meet halfway."""

    def trade_price(self, taker: Order, maker: Order) -> int:
        price = super().trade_price(taker, maker)
        return (taker.price + price) // 2 if taker.type == OrderType.LIMIT else price


SPECIMEN = SpecimenPlug(
    about="trades at the middle between the two limits",
    kind="matching",
    caught_by=("trade_price", "model"),
    build=MidpointPrice,
)
