"""Finds the queue of a price by that price as 32-bit floating point.

It stands for a map from price to queue whose key was a float once. Up to 2^24 ticks every price is a float of its own and every test
passes. Beyond, neighbours become one: orders of two prices stand in one queue, and time goes before price. A finer tick or a dearer
instrument is enough.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import OrderedDict

import numpy as np

from engines.plain.book import BookSide, Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import Side


class LevelsByFloat(PlainEngine):
    """Breaks: best price first."""

    def empty_side(self, side: Side) -> BookSide:
        return _FloatSide(side)


class _FloatSide(BookSide):
    """A queue holds all orders whose prices are the same float."""

    def join(self, order: Order) -> None:
        key = _float(order.price)
        if key not in self._queues:
            self._queues[key] = OrderedDict()
            insort(self._ranks, key * self._sign)
        self._queues[key][order] = None

    def leave(self, order: Order) -> None:
        key = _float(order.price)
        del self._queues[key][order]
        if not self._queues[key]:
            del self._queues[key]
            del self._ranks[bisect_left(self._ranks, key * self._sign)]


def _float(price: int) -> int:
    return int(np.float32(price))


SPECIMEN = SpecimenPlug(
    about="prices that are the same 32-bit float share a queue",
    kind="matching",
    caught_by=("metamorphic", "price_time", "model"),
    build=LevelsByFloat,
)
