"""Every reason for which a command may be refused, worked out from the declared bounds, limits, capabilities and live orders.

Reasons come in the order of the rules, and all that hold: an engine that must give the first one and an engine that may give any
are both judged by it. It keeps nothing: whose orders it looks at (the model's, or those that the engine told of) is the caller's
choice. It knows nothing of sessions, halts, capacity, and risk limits that no instrument declares.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Protocol

from harness.base.capabilities import (
    CONTROLS,
    STAGE_CONTROLS,
    Capabilities,
    Conventions,
    Instrument,
    RiskLimits,
    enforced,
)
from harness.base.reasons import Reason
from harness.base.records import NONE, Command, CommandKind, Flag, OrderType, Side, TimeInForce
from harness.oracle.risk import broken_limits, reference_price

KNOWN = Capabilities(
    commands=(
        "new", "cancel", "replace", "mass_cancel", "kill_account", "enable", "halt", "resume", "limit", "tick",
    ),
    types=("limit", "market", "stop", "stop_limit"),
    tifs=("day", "ioc", "fok", "gtc", "gtd"),
    flags=("post_only",),
    terms=("min_qty",),
    controls=(*CONTROLS, *STAGE_CONTROLS),
)  # fmt: skip
"""All that the oracle has rules for; it must not judge an engine that offers more."""

_POST_ONLY = int(Flag.POST_ONLY)
_LIMIT = int(OrderType.LIMIT)
_PRICED = frozenset({_LIMIT, int(OrderType.STOP_LIMIT)})
_STOPS = frozenset({int(OrderType.STOP), int(OrderType.STOP_LIMIT)})
_IMMEDIATE = frozenset({int(TimeInForce.IOC), int(TimeInForce.FOK)})


class LiveOrder(Protocol):
    """What a refusal may depend on of an order that is live."""

    account: int
    instrument: int
    side: int
    traded: int
    post_only: bool
    waits: bool


class LiveOrders(Protocol):
    """The live orders and the best prices when a command comes in."""

    def find(self, order: int) -> LiveOrder | None:
        """The live order with this id, on any instrument."""
        ...

    def best(self, instrument: int, side: int) -> int | None:
        """The best price of a side; None where nothing rests."""
        ...

    def last_trade(self, instrument: int) -> int | None:
        """The price of the instrument's last trade; None before the first."""
        ...


class Refusals:
    """The rules of one engine for what it must refuse."""

    def __init__(self, instruments: Iterable[Instrument], conventions: Conventions, capabilities: Capabilities) -> None:
        self._bounds = {instrument.id: enforced(instrument, capabilities.controls) for instrument in instruments}
        self._limited = {number for number, one in self._bounds.items() if one.risk != RiskLimits()}
        """The instruments with a risk limit; the others are not looked at for one."""
        self._total = conventions.replace_quantity == "total"
        self.kinds = _codes(CommandKind, capabilities.commands)
        """The kinds of command that are offered, by code."""
        self._types = _codes(OrderType, capabilities.types)
        self._tifs = _codes(TimeInForce, capabilities.tifs)
        self._flags = sum(_codes(Flag, capabilities.flags))
        self._min_qty = "min_qty" in capabilities.terms

    def of(self, command: Command, orders: LiveOrders) -> Iterator[Reason]:
        """The reasons that hold, the one that comes first in the rules first; none where the command must be taken."""
        if command.kind not in self.kinds:
            return iter((Reason.UNSUPPORTED,))
        if command.kind == CommandKind.NEW:
            return self._of_new(command, orders)
        if command.kind == CommandKind.CANCEL:
            return self._of_cancel(command, orders)
        if command.kind == CommandKind.REPLACE:
            return self._of_replace(command, orders)
        return iter(())

    def _of_new(self, command: Command, orders: LiveOrders) -> Iterator[Reason]:
        bounds = self._bounds.get(command.instrument)
        if not self._offers(command):
            yield Reason.UNSUPPORTED
        if bounds is None:
            yield Reason.UNKNOWN_INSTRUMENT
        elif bounds.risk.accounts and command.account not in bounds.risk.accounts:
            yield Reason.UNKNOWN_ACCOUNT
        if command.order == 0:
            yield Reason.INVALID_ORDER_ID
        if command.side > Side.SELL:
            yield Reason.INVALID_SIDE
        yield from _of_terms(command, bounds)
        if orders.find(command.order) is not None:
            yield Reason.DUPLICATE_ORDER_ID
        if command.instrument in self._limited:
            yield from self._of_risk(command, orders)
        post_only = command.flags & _POST_ONLY and command.type == _LIMIT
        if post_only and _would_trade(orders, command.instrument, command.side, command.price):
            yield Reason.POST_ONLY_WOULD_TRADE

    def _of_cancel(self, command: Command, orders: LiveOrders) -> Iterator[Reason]:
        yield from self._of_target(command, orders)
        if command.qty != NONE and command.qty < 1:
            yield Reason.INVALID_QUANTITY

    def _of_replace(self, command: Command, orders: LiveOrders) -> Iterator[Reason]:
        yield from self._of_target(command, orders)
        order = orders.find(command.target)
        bounds = self._bounds.get(command.instrument)
        if order is not None and order.waits and order.instrument == command.instrument:
            yield Reason.UNSUPPORTED
        if command.order == 0:
            yield Reason.INVALID_ORDER_ID
        if command.order != command.target and orders.find(command.order) is not None:
            yield Reason.DUPLICATE_ORDER_ID
        if bounds is not None and not _is_quantity(bounds, command.qty):
            yield Reason.INVALID_QUANTITY
        if bounds is not None and not _is_price(bounds, command.price):
            yield Reason.INVALID_PRICE
        if self._total and order is not None and command.qty <= order.traded:
            yield Reason.INVALID_QUANTITY
        if command.instrument in self._limited:
            yield from self._of_risk(command, orders)
        if order and order.post_only and _would_trade(orders, order.instrument, order.side, command.price):
            yield Reason.POST_ONLY_WOULD_TRADE

    def _of_target(self, command: Command, orders: LiveOrders) -> Iterator[Reason]:
        order = orders.find(command.target)
        if order is None or order.instrument != command.instrument:
            yield Reason.UNKNOWN_ORDER
        elif order.account != command.account:
            yield Reason.NOT_OWNER
        if command.instrument not in self._bounds:
            yield Reason.UNKNOWN_INSTRUMENT

    def _of_risk(self, command: Command, orders: LiveOrders) -> Iterator[Reason]:
        bounds = self._bounds[command.instrument]
        return broken_limits(bounds, command, reference_price(bounds, orders.last_trade(bounds.id)))

    def _offers(self, command: Command) -> bool:
        known = command.type in self._types and command.tif in self._tifs and not command.flags & ~self._flags
        stop = command.stop == NONE or command.type in _STOPS
        min_qty = command.min_qty == NONE or self._min_qty
        return known and stop and min_qty and command.display == NONE


def reaches(side: int, price: int, opposite: int) -> bool:
    """Whether an order of this side and price may trade at an opposite price; price NONE is a market order's."""
    return price == NONE or (price >= opposite if side == Side.BUY else price <= opposite)


def beyond(capabilities: Capabilities) -> tuple[str, ...]:
    """What an engine offers that the oracle has no rules for."""
    parts = ("commands", "types", "tifs", "flags", "terms", "controls")
    return tuple(name for part in parts for name in getattr(capabilities, part) if name not in getattr(KNOWN, part))


def _of_terms(command: Command, bounds: Instrument | None) -> Iterator[Reason]:
    """What speaks against the terms of a new order, whatever the book; bounds are those of its instrument, if there is one."""
    stops = command.type in _STOPS
    post_only = command.flags & _POST_ONLY
    least = command.min_qty != NONE
    if (least and not 1 <= command.min_qty <= command.qty) or (bounds and not _is_quantity(bounds, command.qty)):
        yield Reason.INVALID_QUANTITY
    if bounds and command.type in _PRICED and not _is_price(bounds, command.price):
        yield Reason.INVALID_PRICE
    # A stop price need be no multiple of the price step: nothing trades at it.
    if bounds and stops and not bounds.price_min <= command.stop <= bounds.price_max:
        yield Reason.INVALID_PRICE
    if post_only and (command.type != _LIMIT or command.tif in _IMMEDIATE):
        yield Reason.INVALID_TERMS
    if least and (stops or post_only or command.tif == TimeInForce.FOK):
        yield Reason.INVALID_TERMS


def _is_quantity(bounds: Instrument, qty: int) -> bool:
    return bounds.qty_min <= qty <= bounds.qty_max


def _is_price(bounds: Instrument, price: int) -> bool:
    return bounds.price_min <= price <= bounds.price_max and price % bounds.price_step == 0


def _would_trade(orders: LiveOrders, instrument: int, side: int, price: int) -> bool:
    opposite = orders.best(instrument, Side.BUY if side == Side.SELL else Side.SELL)
    return opposite is not None and reaches(side, price, opposite)


def _codes(enum: type[IntEnum | Flag], names: Iterable[str]) -> frozenset[int]:
    """The codes of capability names; a name that no rule knows has none."""
    return frozenset(int(enum[name.upper()]) for name in names if name.upper() in enum.__members__)
