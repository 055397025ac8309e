"""Trades the larger of the two open quantities.

It stands for a minimum and a maximum that were mixed up, or for two quantities of which the wrong one is taken. Wherever the two differ,
somebody is filled for more than he asked.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug


class LargerQuantityTrades(PlainEngine):
    """Breaks: the lesser of the two open quantities trades."""

    def trade(self, taker: Order, maker: Order) -> None:
        taker.open_qty = maker.open_qty = max(taker.open_qty, maker.open_qty)
        super().trade(taker, maker)


SPECIMEN = SpecimenPlug(
    about="a trade is as large as the larger of the two orders",
    kind="matching",
    caught_by=("conservation", "model"),
    build=LargerQuantityTrades,
)
