"""Loses the order behind one that is canceled, without a word.

It stands for a linked list that is patched one node too far. No event is wrong: the lost order is missed only when it should
have traded, or when the book is compared with what it must hold.
"""

from __future__ import annotations

from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import Command


class CancelLosesNeighbour(PlainEngine):
    """Breaks: a cancel touches no order but its own."""

    def on_cancel(self, cancel: Command) -> None:
        order = self.live_order(cancel.instrument, cancel.target)
        behind = None
        if order is not None and not order.waits:
            queue = list(self.book_side(order.instrument, order.side).queue(order.price))
            behind = next(iter(queue[queue.index(order) + 1 :]), None)
        super().on_cancel(cancel)
        if behind is not None and cancel.target not in self.live:
            self.leave_book(behind)


SPECIMEN = SpecimenPlug(
    about="a cancel drops the next order of the queue too, in silence",
    kind="matching",
    caught_by=("state_digest", "conservation", "price_time"),
    build=CancelLosesNeighbour,
)
