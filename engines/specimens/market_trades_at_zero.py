"""Tells the trades of a market order at price 0.

It stands for the fill report that copies the price of the incoming order, which a market order does not have. The match is right and
only its price is wrong, so books and queues agree everywhere, and clearing gives the goods away.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import OrderType


class MarketTradesAtZero(PlainEngine):
    """Breaks: a trade is at the maker's price, also where the taker has none."""

    def trade_price(self, taker: Order, maker: Order) -> int:
        return 0 if taker.type == OrderType.MARKET else super().trade_price(taker, maker)


SPECIMEN = SpecimenPlug(
    about="a market order trades at price 0",
    kind="matching",
    caught_by=("trade_price",),
    build=MarketTradesAtZero,
)
