"""The best price of each side of each instrument, by the engine's own events.

For the checks that need prices of the book and nothing else of it. This is no plug: it keeps the open quantity of the resting
orders, to know when one is gone, and at which price each stands.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from heapq import heappop, heappush

from harness.base.records import Side
from harness.checks._kinds import CANCELED, REPLACED, RESTED, TRADE


class Quotes:
    """The resting orders by id, and their prices by instrument and side."""

    def __init__(self, *, keeps_place: bool) -> None:
        self._keeps_place = keeps_place
        self._resting: dict[int, _Resting] = {}
        self._sides: dict[tuple[int, int], _SideOfBook] = {}

    def best(self, instrument: int, side: int) -> int | None:
        """The best price of a side; None where nothing rests."""
        found = self._sides.get((instrument, side))
        return found.best() if found else None

    def rests(self, order: int) -> bool:
        """Whether the order stands in a queue."""
        return order in self._resting

    def follow(
        self, kind: int, order: int, *, new_order: int, maker: int, where: tuple[int, int], price: int, qty: int,
        remaining: int,
    ) -> None:  # fmt: skip
        """Take in one event; `where` is its instrument and side."""
        if kind == RESTED:
            if before := self._resting.get(order):
                self._set_open(before, 0)
            side = self._sides.setdefault(where, _SideOfBook(where[1]))
            side.join(price)
            self._resting[order] = _Resting(order, side, price, remaining)
        elif kind == TRADE:
            if live := self._resting.get(maker):
                self._set_open(live, live.open - qty)
        elif kind == CANCELED:
            if live := self._resting.get(order):
                self._set_open(live, remaining)
        elif kind == REPLACED and (live := self._resting.get(order)):
            self._replaced(live, new_order, price, remaining)

    def _replaced(self, live: _Resting, new_order: int, price: int, remaining: int) -> None:
        """A replaced order leaves the book until it rests again, unless it keeps its place."""
        if not (self._keeps_place and price == live.price and remaining < live.open):
            self._set_open(live, 0)
            return
        del self._resting[live.id]
        if before := self._resting.get(new_order):
            self._set_open(before, 0)
        live.id = new_order
        self._resting[new_order] = live
        self._set_open(live, remaining)

    def _set_open(self, live: _Resting, remaining: int) -> None:
        live.open = remaining
        if remaining <= 0:
            live.side.leave(live.price)
            del self._resting[live.id]


@dataclass(slots=True)
class _Resting:
    id: int
    side: _SideOfBook
    price: int
    open: int


class _SideOfBook:
    """How many orders rest at each price, and the best price, found lazily."""

    def __init__(self, side: int) -> None:
        self._sign = -1 if side == Side.BUY else 1
        self._ranks: list[int] = []
        self._count: Counter[int] = Counter()

    def join(self, price: int) -> None:
        if not self._count[price]:
            heappush(self._ranks, self._sign * price)
        self._count[price] += 1

    def leave(self, price: int) -> None:
        self._count[price] -= 1

    def best(self) -> int | None:
        while self._ranks:
            price = self._sign * self._ranks[0]
            if self._count[price]:
                return price
            del self._count[price]
            heappop(self._ranks)
        return None
