"""Tells the right cancel of a part, and drops the rest of the order out of its queue.

It stands for a decrease that unlinks the order to change it and forgets to link it again. All that is told is right; the order is
missed only when it should have traded.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.reasons import Reason


class PartialCancelLosesTheRest(PlainEngine):
    """Breaks: what a cancel of a part leaves keeps its place."""

    def cancel_live(self, order: Order, qty: int, reason: Reason) -> None:
        super().cancel_live(order, qty, reason)
        if order.open_qty and not order.waits:
            self.leave_book(order)


SPECIMEN = SpecimenPlug(
    about="a cancel of a part drops the rest of the order, in silence",
    kind="matching",
    caught_by=("conservation", "state_digest"),
    build=PartialCancelLosesTheRest,
)
