"""Keeps the orders of one price in a heap that compares prices alone.

It stands for a priority queue whose key lacks the time of entry: `std::priority_queue` and `heapq` promise nothing about equal keys.
A queue of three comes out in order, which is all that a small test asks for; a queue of four does not.
"""

from __future__ import annotations

from heapq import heappop

from engines.plain.book import BookSide, Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import Side


class HeapWithoutTieBreak(PlainEngine):
    """Breaks: at one price, the order that joined first trades first."""

    def empty_side(self, side: Side) -> BookSide:
        return _HeapSide(side)


class _HeapSide(BookSide):
    """A queue holds its orders as an array-based heap does: the first one is the root."""

    def leave(self, order: Order) -> None:
        queue = self.queue(order.price)
        heap = [_Keyed(resting) for resting in queue]
        super().leave(order)
        if heap[0].order is order:
            heappop(heap)
            for entry in heap:
                queue.move_to_end(entry.order)


class _Keyed:
    """An entry of the heap; all entries of one price are equal."""

    def __init__(self, order: Order) -> None:
        self.order = order

    def __lt__(self, other: _Keyed) -> bool:
        return self.order.price < other.order.price


SPECIMEN = SpecimenPlug(
    about="orders of one price come off a heap that knows nothing of time",
    kind="matching",
    caught_by=("price_time",),
    build=HeapWithoutTieBreak,
)
