"""Gives all trades of one incoming order the same match number.

It stands for an engine that numbers by aggressor and not by trade: its back office joins the sides of a trade by that number,
and books one trade with the other party of the next.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug


class MatchNumberTwice(PlainEngine):
    """Breaks: matches count from 1 without doubles."""

    def trade(self, taker: Order, maker: Order) -> None:
        if taker.traded_qty:
            self.tell.matches -= 1
        super().trade(taker, maker)


SPECIMEN = SpecimenPlug(
    about="all trades of one incoming order get the same match number",
    kind="numbering",
    caught_by=("numbering",),
    build=MatchNumberTwice,
)
