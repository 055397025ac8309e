"""Holds an order to its limit only until its first trade.

It stands for a limit that is checked at the door, to tell whether the order trades at all, and not again at each price. A small order never
notices; a large one sweeps the book and pays what nobody allowed.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug


class LimitCheckedOnce(PlainEngine):
    """Breaks: every trade of a limit order is at its limit or better."""

    def may_trade(self, taker: Order, maker: Order) -> bool:
        return taker.traded_qty > 0 or super().may_trade(taker, maker)


SPECIMEN = SpecimenPlug(
    about="an order that has traded goes on beyond its limit",
    kind="matching",
    caught_by=("trade_price", "model"),
    build=LimitCheckedOnce,
)
