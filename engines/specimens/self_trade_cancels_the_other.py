"""Cancels the resting order where self-trade prevention names the incoming one, and the other way round.

It stands for "newest" and "oldest" that were swapped on the way from the manual to the code. The account does not trade with itself, so
nothing seems wrong, but the quote that it meant to keep is gone.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.reasons import Reason


class SelfTradeCancelsTheOther(PlainEngine):
    """Breaks: prevention cancels the order that its mode names."""

    def prevent_self_trade(self, taker: Order, maker: Order) -> None:
        match self.conventions.self_trade:
            case "cancel_newest":
                self.cancel_resting(maker, maker.open_qty, Reason.SELF_TRADE)
            case "cancel_oldest":
                self.cancel_incoming(taker, taker.open_qty, Reason.SELF_TRADE)
            case _:
                super().prevent_self_trade(taker, maker)


SPECIMEN = SpecimenPlug(
    about="self-trade prevention cancels the other order of the two",
    kind="matching",
    caught_by=("model", "legal"),
    build=SelfTradeCancelsTheOther,
)
