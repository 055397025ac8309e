"""Gives incoming sellers their own price instead of the buyer's that rested.

It stands for a fill written twice, once a side, and mended on one of them. Half of all sweeps look right, so that spot checks pass,
and every seller who reached through the book is paid less than he was owed.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import OrderType, Side


class TakerPriceOneSide(PlainEngine):
    """Breaks: a trade is at the maker's price, whoever of the two sells."""

    def trade_price(self, taker: Order, maker: Order) -> int:
        sells = taker.side == Side.SELL and taker.type == OrderType.LIMIT
        return taker.price if sells else super().trade_price(taker, maker)


SPECIMEN = SpecimenPlug(
    about="an incoming sell order trades at its own price",
    kind="matching",
    caught_by=("trade_price", "model"),
    build=TakerPriceOneSide,
)
