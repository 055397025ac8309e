"""The orders that a flow believes to be live, for the flows that make up their own orders.

A flow never hears the engine's answers, so this is a belief: what was sent to rest and was not canceled since, less what has
probably traded, which is what the mid has passed and what has stood near it for long.
"""

from __future__ import annotations

from typing import NamedTuple

LONG = 100
"""An order near the mid has probably traded once this many further ids were given out."""


class LiveOrder(NamedTuple):
    """One order as it was sent."""

    order: int
    instrument: int
    side: int
    price: int
    qty: int
    account: int


class LiveOrders:
    """A bag of orders; adding and picking take constant time."""

    def __init__(self) -> None:
        self._bag: list[LiveOrder] = []

    def __len__(self) -> int:
        return len(self._bag)

    def add(self, order: LiveOrder) -> None:
        self._bag.append(order)

    def take(self, chance: float) -> LiveOrder | None:
        """Take out the order that stands at `chance`, in [0, 1], of the bag; None from an empty bag."""
        if not self._bag:
            return None
        index = min(int(chance * len(self._bag)), len(self._bag) - 1)
        last = self._bag.pop()
        if index == len(self._bag):
            return last
        taken, self._bag[index] = self._bag[index], last
        return taken

    def forget_account(self, account: int) -> None:
        """The account's orders were canceled at once."""
        self._bag = [order for order in self._bag if order.account != account]

    def forget_traded(self, mids: dict[int, int], near_ticks: int, newest: int) -> None:
        """Drop what the mid has passed, and what is near it and was sent long before the order id `newest`."""
        self._bag = [order for order in self._bag if not _traded(order, mids[order.instrument], near_ticks, newest)]


def _traded(order: LiveOrder, mid: int, near_ticks: int, newest: int) -> bool:
    distance = order.price - mid if order.side else mid - order.price
    return distance < 0 or (distance <= near_ticks and newest - order.order > LONG)
