"""One side of one instrument's book: the prices in order, and at each price a queue in order of time.

This is all that price-time priority needs. Who may trade with whom is not known here: that stands in `matching`.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from harness.base.records import NONE, OrderType, Side

STOPS = (int(OrderType.STOP), int(OrderType.STOP_LIMIT))
"""The types that wait for a stop price."""
LIMITED = (int(OrderType.LIMIT), int(OrderType.STOP_LIMIT))
"""The types that have a limit; the price of the others is ignored."""


@dataclass(slots=True, eq=False)
class Order:
    """An order from its acceptance to its end. Two orders are never equal, so an order can be the key of a queue."""

    id: int
    instrument: int
    account: int
    side: int
    type: int
    """A stop that triggers is a market order from then on, a stop limit a limit order."""
    tif: int
    post_only: bool
    price: int
    """Its limit; NONE for a market order and for a stop."""
    open_qty: int
    traded_qty: int = 0
    """What it traded since it first entered; a replace does not forget it."""
    stop: int = NONE
    """The price at which a stop triggers."""
    entry: int = 0
    """The number of a stop among all stops of the engine, as they came in."""

    @property
    def waits(self) -> bool:
        """Whether it is a stop that has not triggered, which stands in no queue of the book."""
        return self.type in STOPS


Queue: TypeAlias = "OrderedDict[Order, None]"
"""Orders at one price, the first to trade first.

A plain dict keeps order too, but finding its first key again means to step over all that were deleted in front of it, so a
sweep of a deep queue would take quadratic time.
"""


class BookSide:
    """The resting orders of one side. Every step costs O(1), a price that comes or goes O(log n) and a short memory move."""

    def __init__(self, side: Side) -> None:
        self._sign = 1 if side is Side.BUY else -1
        self._ranks: list[int] = []
        """The prices that hold orders, each times the sign, rising: the best price of either side stands last."""
        self._queues: dict[int, Queue] = {}

    def front(self) -> Order | None:
        """The order that trades first: at the best price, the one that joined first."""
        if not self._ranks:
            return None
        return next(iter(self._queues[self._ranks[-1] * self._sign]))

    def join(self, order: Order) -> None:
        """Put the order at the back of its price's queue."""
        if order.price not in self._queues:
            self._queues[order.price] = OrderedDict()
            insort(self._ranks, order.price * self._sign)
        self._queues[order.price][order] = None

    def leave(self, order: Order) -> None:
        """Take the order out, wherever it stands; all others keep their places."""
        queue = self._queues[order.price]
        del queue[order]
        if not queue:
            del self._queues[order.price]
            del self._ranks[bisect_left(self._ranks, order.price * self._sign)]

    def queue(self, price: int) -> Queue:
        """The queue at a price that holds orders."""
        return self._queues[price]

    def in_matching_order(self) -> Iterator[Order]:
        """All orders: best price first, and at each price the first that joined first."""
        for rank in reversed(self._ranks):
            yield from self._queues[rank * self._sign]


def reaches(side: int, limit: int, price: int) -> bool:
    """Whether `price` is at or better than the limit of an order of `side`."""
    return price <= limit if side == Side.BUY else price >= limit
