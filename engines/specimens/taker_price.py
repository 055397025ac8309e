"""Trades at the price of the incoming order instead of the resting one's.

It stands for the fill that is reported at the limit of the order at hand: with equal prices nobody sees it, and the first order
that reaches through the book pays more than it had to.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import OrderType


class TakerPrice(PlainEngine):
    """Breaks: a trade is at the maker's price. A market order has no price to get wrong."""

    def trade_price(self, taker: Order, maker: Order) -> int:
        return taker.price if taker.type == OrderType.LIMIT else super().trade_price(taker, maker)


SPECIMEN = SpecimenPlug(
    about="trades at the taker's price",
    kind="matching",
    caught_by=("trade_price",),
    build=TakerPrice,
)
