"""Whom the controls hold: accounts, firms and instruments, each with its limits and with what counts for it.

An account and a firm are alike here, since all that an account does counts for its firm as well, against limits of the firm's own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from engines.guarded.windows import Window
from harness.base.controls import NO_RATE, AccountControls, FirmControls, InstrumentControls, LimitCode
from harness.base.records import Side

ACCOUNT, FIRM, INSTRUMENT = "account", "firm", "instrument"
Limits: TypeAlias = dict[LimitCode, int]
"""What each limit stands at; 0 means none."""


class Scope(NamedTuple):
    """Whom an operator means."""

    kind: str
    number: int


class Content(NamedTuple):
    """What makes two orders of an account the same."""

    instrument: int
    side: int
    type: int
    price: int
    stop: int
    qty: int


@dataclass(slots=True)
class OpenOrder:
    """An order that counts, from its acceptance to its end."""

    account: int
    instrument: int
    side: int
    price: int
    """By which its open quantity is valued."""
    qty: int
    """What is open of it."""

    @property
    def value(self) -> int:
        """What is open of it, in ticks times lots."""
        return abs(self.price) * self.qty


@dataclass(slots=True)
class Holding:
    """What is held of one instrument and what is asked for, in lots."""

    position: int = 0
    open_buys: int = 0
    open_sells: int = 0

    def position_toward(self, side: int) -> int:
        """How far it stands on the side on which an order would move it."""
        return self.position if side == Side.BUY else -self.position

    def open_lots(self, side: int) -> int:
        """What is open on a side."""
        return self.open_buys if side == Side.BUY else self.open_sells


@dataclass(slots=True)
class Holder:
    """An account, or all accounts of a firm."""

    limits: Limits
    messages: Window[int]
    duplicates: Window[Content]
    repeats: Window[tuple[int, int]]
    """Trades as taker, by instrument and side."""
    restricted: frozenset[int] = frozenset()
    holdings: dict[int, Holding] = field(default_factory=dict)
    """By instrument."""
    open_value: int = 0
    traded_value: int = 0
    paid: int = 0
    """The cash that flowed out for what was bought, less what flowed in for what was sold."""

    def holding(self, instrument: int) -> Holding:
        """What it holds of an instrument."""
        return self.holdings.setdefault(instrument, Holding())

    def add_open(self, order: OpenOrder, qty: int) -> None:
        """So much more of the order is open; below 0: less."""
        holding = self.holding(order.instrument)
        if order.side == Side.BUY:
            holding.open_buys += qty
        else:
            holding.open_sells += qty
        self.open_value += abs(order.price) * qty

    def add_traded(self, order: OpenOrder, price: int, qty: int) -> None:
        """So much was traded at the price; a sell is a buy of less than nothing."""
        bought = qty if order.side == Side.BUY else -qty
        self.holding(order.instrument).position += bought
        self.traded_value += abs(price) * qty
        self.paid += price * bought

    def forget(self, code: LimitCode) -> None:
        """Begin the window of a limit anew, where it has one."""
        match code:
            case LimitCode.MESSAGES:
                self.messages.clear()
            case LimitCode.DUPLICATES:
                self.duplicates.clear()
            case LimitCode.REPEATS:
                self.repeats.clear()


@dataclass(slots=True)
class Watched:
    """An instrument: what holds its orders, and what its breakers look at."""

    declared: InstrumentControls
    limits: Limits
    prices: Window[int]
    """The prices at which it traded."""
    volume: Window[int]
    """The lots that traded."""

    def forget(self, code: LimitCode) -> None:
        """Begin the window of a limit anew, where it has one."""
        match code:
            case LimitCode.BREAKER_TICKS:
                self.prices.clear()
            case LimitCode.VOLUME_MAX:
                self.volume.clear()


def account_of(declared: AccountControls) -> Holder:
    """An account that has done nothing yet."""
    limits = {
        LimitCode.LONG_MAX: declared.long_max,
        LimitCode.SHORT_MAX: declared.short_max,
        LimitCode.EXPOSURE_MAX: declared.exposure_max,
        LimitCode.LOSS_MAX: declared.loss_max,
        LimitCode.MESSAGES: declared.messages.most,
        LimitCode.DUPLICATES: declared.duplicates.most,
        LimitCode.REPEATS: declared.repeats.most,
    }
    return Holder(
        limits, Window(declared.messages.window_ns), Window(declared.duplicates.window_ns), Window(declared.repeats.window_ns),
        frozenset(declared.restricted),
    )  # fmt: skip


def firm_of(declared: FirmControls) -> Holder:
    """A firm that has done nothing yet."""
    limits = {
        LimitCode.LONG_MAX: declared.long_max,
        LimitCode.SHORT_MAX: declared.short_max,
        LimitCode.EXPOSURE_MAX: declared.exposure_max,
        LimitCode.MESSAGES: declared.messages.most,
    }
    unused_ns = NO_RATE.window_ns
    return Holder(limits, Window(declared.messages.window_ns), Window(unused_ns), Window(unused_ns))


def watched(declared: InstrumentControls) -> Watched:
    """An instrument that has not traded yet."""
    limits = {
        LimitCode.STATIC_TICKS: declared.static_ticks,
        LimitCode.BREAKER_TICKS: declared.breaker_ticks,
        LimitCode.VOLUME_MAX: declared.volume_max,
    }
    return Watched(declared, limits, Window(declared.breaker_window_ns), Window(declared.breaker_window_ns))
