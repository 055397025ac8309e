"""Puts an order behind all others of its price when a part of it is canceled.

It stands for a decrease that is coded as a cancel and a new order, the easiest way and the one that every text on priority warns of. Market
makers trim their size all day, and each time they queue anew.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.reasons import Reason


class PartialCancelLosesPlace(PlainEngine):
    """Breaks: an order that is canceled in part keeps its place."""

    def cancel_resting(self, order: Order, qty: int, reason: Reason) -> None:
        super().cancel_resting(order, qty, reason)
        if order.open_qty:
            self.book_side(order.instrument, order.side).queue(order.price).move_to_end(order)


SPECIMEN = SpecimenPlug(
    about="an order that is canceled in part goes to the back of its queue",
    kind="matching",
    caught_by=("price_time", "state_digest", "model"),
    build=PartialCancelLosesPlace,
)
