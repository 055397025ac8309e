"""The open orders as the service told of them, and what a new order or replace would add to what is open.

What could not become an order adds nothing: the matching engine refuses it, and no sum meets an absent or absurd number.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from harness.base.capabilities import Conventions, Instrument
from harness.base.records import NONE, Command, CommandKind, Event, EventKind, OrderType, Side
from harness.oracle.exposure.holders import Holders
from harness.oracle.exposure.sums import OpenOrder
from harness.oracle.risk import reference_price

_PRICED = frozenset({int(OrderType.LIMIT), int(OrderType.STOP_LIMIT)})
_STOPS = frozenset({int(OrderType.STOP), int(OrderType.STOP_LIMIT)})
_TYPES = _PRICED | _STOPS | {int(OrderType.MARKET)}


class Addition(NamedTuple):
    """What an order would add to what is open, and instead of what."""

    account: int
    instrument: int
    side: int
    limit_price: int
    """NONE for an order without one."""
    qty: int
    """As the command says it."""
    lots: int
    """What would be open of it."""
    value: int
    freed_lots: int = 0
    """What its target has open now."""
    freed_value: int = 0


class OpenOrders:
    """Follows the events, and keeps the sums of accounts and firms."""

    def __init__(self, holders: Holders, conventions: Conventions) -> None:
        self._holders = holders
        self._total = conventions.replace_quantity == "total"
        self.live: dict[int, OpenOrder] = {}
        """By order id."""
        self.last_trades: dict[int, int] = {}
        """The price of each instrument's last trade."""

    def addition(self, command: Command) -> Addition | None:
        """What a new order or replace would add; None where it could not become an order."""
        traded = self._holders.instruments.get(command.instrument)
        if traded is None:
            return None
        if command.kind == CommandKind.NEW:
            return self._of_new(command, traded.bounds)
        return self._of_replace(command, traded.bounds)

    def follow(self, command: Command, event: Event) -> None:
        """Take in one event that the command led to; one about an order that is not live changes nothing."""
        if event.kind == EventKind.ACCEPTED:
            self._enter(command)
            return
        order = self.live.get(event.order)
        if event.kind == EventKind.TRADE:
            self._trade(event)
        elif order is None:
            return
        elif event.kind in (EventKind.CANCELED, EventKind.EXPIRED):
            self._close(event.order, order, event.qty)
        elif event.kind == EventKind.TRIGGERED:
            order.waits = False
        elif event.kind == EventKind.REPLACED:
            self._replace(command, order)

    def _of_new(self, new: Command, bounds: Instrument) -> Addition | None:
        prices = [new.price] * (new.type in _PRICED) + [new.stop] * (new.type in _STOPS)
        if new.side not in (Side.BUY, Side.SELL) or new.type not in _TYPES or not _fits(bounds, new.qty, prices):
            return None
        limit = new.price if new.type in _PRICED else NONE
        value = self._valued_at(new, bounds) * new.qty
        return Addition(new.account, new.instrument, new.side, limit, new.qty, new.qty, value)

    def _of_replace(self, replace: Command, bounds: Instrument) -> Addition | None:
        target = self.live.get(replace.target)
        if (
            target is None
            or target.waits
            or (target.account, target.instrument) != (replace.account, replace.instrument)
        ):
            return None
        lots = self._left(replace, target)
        if lots < 1 or not _fits(bounds, replace.qty, [replace.price]):
            return None
        return Addition(
            target.account, target.instrument, target.side, replace.price, replace.qty, lots, abs(replace.price) * lots,
            target.open, target.price * target.open,
        )  # fmt: skip

    def _left(self, replace: Command, target: OpenOrder) -> int:
        """What a replace would leave open."""
        return replace.qty - target.traded if self._total else replace.qty

    def _valued_at(self, new: Command, bounds: Instrument) -> int:
        if new.type == OrderType.MARKET:
            return abs(reference_price(bounds, self.last_trades.get(bounds.id)) or 0)
        return abs(new.stop if new.type == OrderType.STOP else new.price)

    def _enter(self, new: Command) -> None:
        traded = self._holders.instruments.get(new.instrument)
        if traded is None:
            return
        if earlier := self.live.get(new.order):
            self._close(new.order, earlier, earlier.open)
        price = self._valued_at(new, traded.bounds)
        order = OpenOrder(new.account, new.instrument, new.side, price, new.qty, new.type in _STOPS)
        self.live[new.order] = order
        self._count_open(order, order.open)

    def _trade(self, trade: Event) -> None:
        self.last_trades[trade.instrument] = trade.price
        for number in (trade.order, trade.maker):
            if order := self.live.get(number):
                order.traded += trade.qty
                for holder in self._holders.of(order.account):
                    holder.sums.traded(order, trade.price, trade.qty)
                self._close(number, order, trade.qty)

    def _replace(self, replace: Command, order: OpenOrder) -> None:
        left = self._left(replace, order)
        self._close(replace.target, order, order.open)
        order.price, order.open = abs(replace.price), left
        self.live[replace.order] = order
        self._count_open(order, left)

    def _close(self, number: int, order: OpenOrder, lots: int) -> None:
        """So many lots are open no more; never more than there were, whatever was told."""
        gone = min(lots, order.open)
        order.open -= gone
        self._count_open(order, -gone)
        if not order.open:
            del self.live[number]

    def _count_open(self, order: OpenOrder, lots: int) -> None:
        for holder in self._holders.of(order.account):
            holder.sums.opened(order, lots)

    def of_scope(self, account: int, firm: int, instrument: int) -> Iterator[int]:
        """The live orders of an account, a firm or an instrument, whichever is not 0."""
        for number, order in self.live.items():
            of = self._holders.accounts.get(order.account)
            held = (order.account, of.firm.number if of else 0, order.instrument)
            if any(wanted and wanted == own for wanted, own in zip((account, firm, instrument), held, strict=True)):
                yield number


def _fits(bounds: Instrument, qty: int, prices: list[int]) -> bool:
    """Whether quantity and prices lie within the instrument's bounds."""
    within = all(bounds.price_min <= price <= bounds.price_max for price in prices)
    return within and bounds.qty_min <= qty <= bounds.qty_max
