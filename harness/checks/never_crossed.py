"""The book is never crossed: after each command the best bid is below the best ask, on every instrument.

A book can become crossed only when an order joins it, and joining is the last thing that a command does to an order.
So each `rested` is held against the best price of the other side, from the engine's events alone.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from heapq import heappop, heappush

from harness.base.findings import Facts, FindingLog
from harness.base.records import Side
from harness.checks import CheckPlug
from harness.checks._answers import rows
from harness.checks._kinds import CANCELED, REPLACED, RESTED, TRADE
from harness.evidence.fold import RunInfo, Segment


@dataclass(slots=True)
class _Resting:
    id: int
    side: _SideOfBook
    price: int
    open: int


class _SideOfBook:
    """How many orders rest at each price, and the best price, found lazily."""

    def __init__(self, side: int) -> None:
        self.sign = -1 if side == Side.BUY else 1
        self._ranks: list[int] = []
        self._count: Counter[int] = Counter()

    def join(self, price: int) -> None:
        if not self._count[price]:
            heappush(self._ranks, self.sign * price)
        self._count[price] += 1

    def leave(self, price: int) -> None:
        self._count[price] -= 1

    def best(self) -> int | None:
        while self._ranks:
            price = self.sign * self._ranks[0]
            if self._count[price]:
                return price
            del self._count[price]
            heappop(self._ranks)
        return None


class NeverCrossed:
    """The resting orders by id, and their prices by instrument and side."""

    def __init__(self, run: RunInfo) -> None:
        self._keeps_place = run.conventions.replace_keeps_place == "quantity_down"
        self._log = FindingLog("never_crossed")
        self._resting: dict[int, _Resting] = {}
        self._sides: dict[tuple[int, int], _SideOfBook] = {}
        self._rests = 0

    def add(self, segment: Segment) -> None:
        fields = ("kind", "command", "order", "new_order", "maker", "instrument", "side", "price", "qty", "remaining")
        for kind, number, order, new_order, maker, instrument, side, price, qty, remaining in rows(
            segment.events, *fields
        ):
            if kind == RESTED:
                self._rested(number, order, (instrument, side), price, remaining)
            elif kind == TRADE:
                if live := self._resting.get(maker):
                    self._set_open(live, live.open - qty)
            elif kind == CANCELED:
                if live := self._resting.get(order):
                    self._set_open(live, remaining)
            elif kind == REPLACED and (live := self._resting.get(order)):
                self._replaced(live, new_order, price, remaining)

    def facts(self) -> Facts:
        return Facts(seen=self._rests, findings=self._log.findings())

    def _rested(self, number: int, order: int, where: tuple[int, int], price: int, remaining: int) -> None:
        self._rests += 1
        if order in self._resting:
            self._set_open(self._resting[order], 0)
        instrument, side = where
        own = self._side(instrument, side)
        opposite = self._side(instrument, Side.SELL if side == Side.BUY else Side.BUY).best()
        if opposite is not None and own.sign * (price - opposite) <= 0:
            bid, ask = (price, opposite) if side == Side.BUY else (opposite, price)
            self._log.add(
                "crossed", "the best bid was not below the best ask", command=number, orders=(order,),
                expected=f"a best bid below the best ask on instrument {instrument}",
                got=f"bid {bid}, ask {ask} after order {order} had rested",
            )  # fmt: skip
        own.join(price)
        self._resting[order] = _Resting(order, own, price, remaining)

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

    def _side(self, instrument: int, side: int) -> _SideOfBook:
        found = self._sides.get((instrument, side))
        if found is None:
            found = self._sides[instrument, side] = _SideOfBook(side)
        return found


CHECK = CheckPlug(
    about="After every command the best bid is below the best ask.",
    start=NeverCrossed,
    needs=("one_order", "maker", "side", "price", "qty", "remaining"),
    least=1_000,
)
