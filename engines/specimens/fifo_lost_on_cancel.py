"""Loses time priority when an order leaves from the middle of its queue.

It stands for swap-and-pop: an array is kept dense by moving its last element into the hole, which costs O(1) and makes the
youngest order overtake those that stood before it.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug


class FifoLostOnCancel(PlainEngine):
    """Breaks: the orders behind one that leaves keep their order."""

    def leave_book(self, order: Order) -> None:
        side = self.book_side(order.instrument, order.side)
        queue = side.queue(order.price)
        orders = list(queue)
        super().leave_book(order)
        place = orders.index(order)
        if place:
            # Moving all between the hole and the last to the back leaves the last one in the hole.
            for between in orders[place + 1 : -1]:
                queue.move_to_end(between)


SPECIMEN = SpecimenPlug(
    about="an order that leaves the middle of a queue lets the last one take its place",
    kind="matching",
    caught_by=("price_time",),
    build=FifoLostOnCancel,
)
