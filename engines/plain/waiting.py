"""The stops of one side of one instrument that wait for their price.

They are kept apart from the book, since nobody can trade with them. What they look at and when stands in `stops`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator

from engines.plain.book import Order
from harness.base.records import Side


class WaitingStops:
    """Stops in the order in which a moving price reaches them, equal ones by entry."""

    def __init__(self, side: Side) -> None:
        # A rising price reaches the lowest buy stop first, a falling one the highest sell stop.
        self._sign = 1 if side is Side.BUY else -1
        self._orders: list[Order] = []

    def __iter__(self) -> Iterator[Order]:
        return iter(self._orders)

    def join(self, order: Order) -> None:
        """Put the stop behind all of its stop price."""
        insort(self._orders, order, key=self._rank)

    def leave(self, order: Order) -> None:
        """Take the stop out; all others keep their places."""
        first = bisect_left(self._orders, self._rank(order), key=self._rank)
        del self._orders[self._orders.index(order, first)]

    def take_reached(self, price: int) -> list[Order]:
        """Take out the stops whose stop price this price is at or through."""
        count = bisect_right(self._orders, self._sign * price, key=self._rank)
        reached, self._orders = self._orders[:count], self._orders[count:]
        return reached

    def _rank(self, order: Order) -> int:
        return self._sign * order.stop
