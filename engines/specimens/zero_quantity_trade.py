"""Makes one more trade, of no quantity, once an order is filled and the next resting one was in reach.

It stands for a loop that asks whether there is a maker before it asks whether anything is left: an off-by-one that moves no
position, but fills reports with empty trades, and sends an order that is done to whoever rests.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug


class ZeroQuantityTrade(PlainEngine):
    """Breaks: a filled order gets nothing more."""

    def match(self, taker: Order) -> None:
        super().match(taker)
        maker = self.opposite(taker.instrument, taker.side).front()
        filled = taker.traded_qty and not taker.open_qty
        if filled and maker is not None and self.may_trade(taker, maker) and not self.is_self_trade(taker, maker):
            self.trade(taker, maker)


SPECIMEN = SpecimenPlug(
    about="a filled order makes one more trade, of quantity 0",
    kind="matching",
    caught_by=("lifecycle", "model"),
    build=ZeroQuantityTrade,
)
