"""Keeps a price whose last order left it while it was not the best one, and stops there when a sweep arrives.

It stands for a level that only the matching loop cleans up: a cancel deep in the book leaves an empty level behind, which has no first
order and so looks like the end of the side. What rests beyond is out of reach, and the book is crossed.
"""

from __future__ import annotations

from engines.plain.book import BookSide, Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import Side


class EmptyLevelKept(PlainEngine):
    """Breaks: a price at which nobody rests is no price of the book."""

    def empty_side(self, side: Side) -> BookSide:
        return _LevelsStay(side)


class _LevelsStay(BookSide):
    """A side that forgets a price only where it was the best one."""

    def leave(self, order: Order) -> None:
        if order.price * self._sign == self._ranks[-1]:
            super().leave(order)
        else:
            del self._queues[order.price][order]

    def front(self) -> Order | None:
        return next(iter(self._queues[self._ranks[-1] * self._sign]), None) if self._ranks else None


SPECIMEN = SpecimenPlug(
    about="a price that was emptied behind the best one ends every sweep",
    kind="matching",
    caught_by=("price_time", "never_crossed", "model"),
    build=EmptyLevelKept,
)
