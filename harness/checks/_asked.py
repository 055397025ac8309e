"""What was asked for, of the new orders and replaces that are not answered yet.

The checks that follow an engine's own events need the terms of an order (its limit, its account, how long it may
live), and an event does not carry them all. This is no plug and no book: an entry is forgotten with the first answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from harness.base.records import NONE, CommandKind, OrderType, TimeInForce
from harness.checks._answers import Whom, numbers, rows
from harness.evidence.fold import Segment

_PRICED = frozenset({int(OrderType.LIMIT), int(OrderType.STOP_LIMIT)})
_STOPS = frozenset({int(OrderType.STOP), int(OrderType.STOP_LIMIT)})
_IMMEDIATE = frozenset({int(TimeInForce.IOC), int(TimeInForce.FOK)})


class Ask(NamedTuple):
    """The terms of one new order or replace."""

    number: int
    kind: int
    order: int
    target: int
    instrument: int
    account: int
    side: int
    price: int
    stop: int
    qty: int
    min_qty: int
    type: int
    tif: int
    flags: int

    @property
    def limit(self) -> int | None:
        """The worst price that it may trade at; None where any price will do."""
        return self.price if self.type in _PRICED else None

    @property
    def waits(self) -> bool:
        """Whether it is a stop, which waits for its trigger before it is matched."""
        return self.type in _STOPS

    @property
    def may_rest(self) -> bool:
        """Whether what is left of it may join the book."""
        return self.type in _PRICED and self.tif not in _IMMEDIATE

    def replaced_by(self, replace: Ask) -> Ask:
        """The terms after a replace: it changes id, price and quantity, and a minimum counts for a new order only."""
        return self._replace(
            number=replace.number, order=replace.order, price=replace.price, qty=replace.qty, min_qty=NONE
        )


class Asked:
    """New orders and replaces by number, until their first answer."""

    def __init__(self) -> None:
        self._open: dict[int, Ask] = {}

    def add(self, segment: Segment) -> list[int]:
        """Take the segment's commands in; return the command number of each of its events."""
        kinds = segment.commands["kind"]
        orders = segment.commands[(kinds == CommandKind.NEW) | (kinds == CommandKind.REPLACE)]
        self._open.update(zip(orders["number"].tolist(), map(Ask._make, rows(orders, *Ask._fields)), strict=True))
        found: list[int] = numbers(segment.events, self._waiting).tolist()
        return found

    def take(self, number: int) -> Ask | None:
        """The command that is answered now; None where it was answered before or never sent."""
        return self._open.pop(number, None)

    def _waiting(self) -> Iterator[Whom]:
        return ((ask.number, ask.kind, ask.order, ask.target) for ask in self._open.values())
