"""The live orders as the engine itself tells of them, to say for which reasons a command may be refused.

It follows the engine's events and no model, so that it goes on speaking after the engine did something that no rule foresees:
what the engine told is what its refusals must agree with. Terms (account, side, price, flags) are taken from the commands and
what happened from the events: kind, order, maker, price and quantity are all it needs of them.

Assumes that events come in the order in which the engine did its work. It is NOT good for judging what the engine did, nor for
reasons that come from sessions, halts, capacity or limits that no instrument declares: `recomputable` says which.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass

from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.reasons import Reason
from harness.base.records import Command, EventKind, Flag, OrderType, Side
from harness.oracle.refusals import Refusals

_POST_ONLY = int(Flag.POST_ONLY)
_STOPS = frozenset({int(OrderType.STOP), int(OrderType.STOP_LIMIT)})
_BEYOND_GROUPS = (2, 6)
_BEYOND = (Reason.RISK_OTHER, Reason.HALTED, Reason.CLOSED)


def recomputable(reason: int) -> bool:
    """Whether the ledger can tell if this reason held; not so for session and system reasons, halts and other risks."""
    return reason // 100 not in _BEYOND_GROUPS and reason not in _BEYOND


@dataclass(slots=True)
class Live:
    """A live order, as far as the engine told."""

    account: int
    instrument: int
    side: int
    price: int
    open: int
    post_only: bool
    waits: bool
    """Whether it is a stop that has not triggered."""
    traded: int = 0
    rests: bool = False


class Ledger:
    """The live orders of one engine."""

    def __init__(self, instruments: Iterable[Instrument], conventions: Conventions, capabilities: Capabilities) -> None:
        self._refusals = Refusals(instruments, conventions, capabilities)
        self._conventions = conventions
        self._live: dict[int, Live] = {}
        self._queues: dict[tuple[int, int, int], int] = {}
        """How many orders rest, by instrument, side and price."""
        self._prices: dict[tuple[int, int], list[int]] = {}
        """The prices of each side at which orders rest, ascending."""
        self._last: dict[int, int] = {}
        """The price of each instrument's last trade."""

    def reasons(self, command: Command) -> tuple[Reason, ...]:
        """All reasons for which the command may be refused now, before any event that answers it is followed."""
        return tuple(self._refusals.of(command, self))

    def follow(self, command: Command, kind: int, order: int, *, maker: int, price: int, qty: int) -> None:
        """Take in one event that the command led to; one about an order that is not live changes nothing."""
        if kind == EventKind.ACCEPTED:
            self._enter(command)
            return
        live = self._live.get(order)
        if live is None:
            return
        if kind == EventKind.TRADE:
            self._last[live.instrument] = price
            live.traded += qty
            self._take(order, live, qty)
            if resting := self._live.get(maker):
                resting.traded += qty
                self._take(maker, resting, qty)
        elif kind in (EventKind.CANCELED, EventKind.EXPIRED):
            self._take(order, live, qty)
        elif kind == EventKind.RESTED:
            self._join(live)
        elif kind == EventKind.TRIGGERED:
            live.waits = False
        elif kind == EventKind.REPLACED:
            self._replace(command, live)

    def find(self, order: int) -> Live | None:
        """The live order with this id."""
        return self._live.get(order)

    def best(self, instrument: int, side: int) -> int | None:
        """The best price of a side; None where nothing rests."""
        prices = self._prices.get((instrument, side))
        if not prices:
            return None
        return prices[-1] if side == Side.BUY else prices[0]

    def last_trade(self, instrument: int) -> int | None:
        """The price of the instrument's last trade; None before the first."""
        return self._last.get(instrument)

    def _enter(self, command: Command) -> None:
        if earlier := self._live.get(command.order):
            self._leave(earlier)
        self._live[command.order] = Live(
            command.account, command.instrument, command.side, command.price, command.qty,
            post_only=bool(command.flags & _POST_ONLY), waits=command.type in _STOPS,
        )  # fmt: skip

    def _replace(self, command: Command, live: Live) -> None:
        total = self._conventions.replace_quantity == "total"
        left = command.qty - live.traded if total else command.qty
        down = command.price == live.price and left < live.open
        keeps_place = live.rests and down and self._conventions.replace_keeps_place == "quantity_down"
        self._leave(live)
        del self._live[command.target]
        live.price, live.open = command.price, left
        self._live[command.order] = live
        if keeps_place:
            self._join(live)

    def _take(self, order: int, live: Live, qty: int) -> None:
        live.open -= qty
        if live.open <= 0:
            self._leave(live)
            del self._live[order]

    def _join(self, live: Live) -> None:
        """The order rests; its place among others is nothing that a refusal depends on."""
        if live.rests:
            return
        live.rests = True
        key = (live.instrument, live.side, live.price)
        count = self._queues.get(key, 0)
        self._queues[key] = count + 1
        if not count:
            insort(self._prices.setdefault((live.instrument, live.side), []), live.price)

    def _leave(self, live: Live) -> None:
        if not live.rests:
            return
        live.rests = False
        key = (live.instrument, live.side, live.price)
        self._queues[key] -= 1
        if not self._queues[key]:
            del self._queues[key]
            prices = self._prices[live.instrument, live.side]
            del prices[bisect_left(prices, live.price)]
