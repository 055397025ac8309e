"""Loses the order behind one that moves to another price, without a word.

It stands for a linked list from which the moved order is cut out only after its link to the next one was set for the new price: the
old queue ends where it stood. No event is wrong until somebody should have traded with the lost order.
"""

from __future__ import annotations

from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import Command


class ReplaceLosesNeighbour(PlainEngine):
    """Breaks: a replace touches no order but its own."""

    def on_replace(self, replace: Command) -> None:
        order = self.live_order(replace.instrument, replace.target)
        behind, old_price = None, replace.price
        if order is not None and not order.waits:
            queue, old_price = list(self.book_side(order.instrument, order.side).queue(order.price)), order.price
            behind = next(iter(queue[queue.index(order) + 1 :]), None)
        super().on_replace(replace)
        if behind is not None and order is not None and order.price != old_price:
            self.leave_book(behind)


SPECIMEN = SpecimenPlug(
    about="an order that moves to another price drops the one that stood behind it, in silence",
    kind="matching",
    caught_by=("state_digest", "conservation", "price_time", "model"),
    build=ReplaceLosesNeighbour,
)
