"""Orders, and lists of them by whose turn it is: the one data structure of the model.

Whose turn it is, is the sort order of a list and nothing else. An entry is (rank, -ticket, order): the highest rank is next, and
among equals the earliest ticket, so the last entry is the one whose turn it is. Joining the back is taking a new ticket; keeping
one's place is keeping it.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from harness.base.records import NONE


@dataclass(slots=True)
class Order:
    """An order, live from `accepted` until nothing of it is open."""

    id: int
    account: int
    instrument: int
    side: int
    price: int
    """NONE for an order that takes any price: a market order, or a stop."""
    open: int
    tif: int
    post_only: bool
    stop: int = NONE
    """What it waits for, or waited for; NONE for an order that is no stop."""
    waits: bool = False
    """Whether it is a stop that has not triggered."""
    ticket: int = 0
    """Its turn among its equals; 0 while it stands in no list."""
    traded: int = 0
    """Since it first entered, under whatever id."""


Entry = tuple[int, int, Order]
Row = tuple[int, int, int, int, int, int]
"""A row of a book: instrument, side, price, place, order, remaining."""


class Turns:
    """Orders in the order of their turns."""

    def __init__(self, rank: Callable[[Order], int]) -> None:
        self._rank = rank
        self.entries: list[Entry] = []
        """The last one is next."""

    def join(self, order: Order) -> None:
        """Take the order in, by its ticket."""
        insort(self.entries, (self._rank(order), -order.ticket, order))

    def leave(self, order: Order) -> None:
        """Let the order go, from wherever it stands."""
        del self.entries[bisect_left(self.entries, (self._rank(order), -order.ticket, order))]

    def next(self) -> Order | None:
        """The order whose turn it is."""
        return self.entries[-1][2] if self.entries else None

    def in_turn(self) -> Iterator[Order]:
        """All orders, the one whose turn it is first."""
        return (order for _, _, order in reversed(self.entries))

    def rows(self, instrument: int, side: int, price: Callable[[Order], int]) -> Iterator[Row]:
        """The orders as rows of a book, with their places among those of their price."""
        for at, queue in groupby(self.in_turn(), key=price):
            yield from ((instrument, side, at, place, order.id, order.open) for place, order in enumerate(queue))
