"""Tells trades at what 32 bits hold of their price.

It stands for one field that was left at 32 bits when prices outgrew them: a finer tick is enough. Every price that was tested is right,
and the first one beyond 2^31 - 1 is reported as a small or a negative one.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug


class Price32Bits(PlainEngine):
    """Breaks: a trade is at the maker's price."""

    def trade_price(self, taker: Order, maker: Order) -> int:
        price = super().trade_price(taker, maker)
        return (price + 2**31) % 2**32 - 2**31


SPECIMEN = SpecimenPlug(
    about="the price of a trade wraps at 2^31",
    kind="matching",
    caught_by=("trade_price", "edge_cases", "model"),
    build=Price32Bits,
)
