"""The controls that need memory: what an account, a firm and an instrument may do, as a service declares it. Rules: docs/risk-rules.md.

A limit of 0 and an empty list mean no such control. Sums are in lots, or in ticks times lots; windows are in ns of the service's own stamps.
"""

from __future__ import annotations

from enum import IntEnum

import msgspec

from harness.base.records import NONE


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """At most so many within a window."""

    most: int = 0
    window_ns: int = 1_000_000_000

    def __post_init__(self) -> None:
        if self.most < 0 or self.window_ns < 1:
            raise ValueError(
                f"{self.most} in {self.window_ns} ns is no rate; wanted 0 or more in a window of 1 ns or more"
            )


NO_RATE = Rate()


class FirmControls(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of all accounts of a firm together."""

    firm: int
    long_max: int = 0
    """The most lots of one instrument that could be held, were all open buys to trade."""
    short_max: int = 0
    exposure_max: int = 0
    """The most value of what is open and what was traded."""
    messages: Rate = NO_RATE

    def __post_init__(self) -> None:
        _not_negative(self, "long_max", "short_max", "exposure_max")


class AccountControls(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of one account; only accounts that are declared may trade."""

    account: int
    firm: int = 1
    long_max: int = 0
    short_max: int = 0
    exposure_max: int = 0
    loss_max: int = 0
    """The loss at which the account may enter nothing more."""
    messages: Rate = NO_RATE
    duplicates: Rate = NO_RATE
    """How often the same order may come."""
    repeats: Rate = NO_RATE
    """How often it may trade as taker on one side of an instrument before it is disabled."""
    restricted: tuple[int, ...] = ()
    """The instruments that it may not trade."""

    def __post_init__(self) -> None:
        _not_negative(self, "long_max", "short_max", "exposure_max", "loss_max")


class InstrumentControls(msgspec.Struct, frozen=True, kw_only=True):
    """What holds an instrument's orders, and when its trading pauses by itself."""

    instrument: int
    qty_step: int = 1
    """Quantities are multiples of it, in lots."""
    static_price: int = NONE
    static_ticks: int = 0
    """How far a limit price may lie from the static price, on either side."""
    restricted: bool = False
    """Whether nobody may trade it."""
    breaker_ticks: int = 0
    """How far trade prices may lie apart within the window."""
    volume_max: int = 0
    """The most lots that may trade within the window."""
    breaker_window_ns: int = 1_000_000_000
    pause_ns: int = 5_000_000_000
    """How long a breaker halts."""

    def __post_init__(self) -> None:
        _not_negative(self, "static_ticks", "breaker_ticks", "volume_max", "breaker_window_ns", "pause_ns")
        if self.qty_step < 1:
            raise ValueError(f"qty_step of instrument {self.instrument} is {self.qty_step}; wanted 1 or more")


class Controls(msgspec.Struct, frozen=True, kw_only=True):
    """All that a service declares; who is not named here has no such limits, but an account that is not named may not trade."""

    accounts: tuple[AccountControls, ...] = ()
    firms: tuple[FirmControls, ...] = ()
    instruments: tuple[InstrumentControls, ...] = ()

    def __post_init__(self) -> None:
        named = (
            ("account", [one.account for one in self.accounts]),
            ("firm", [one.firm for one in self.firms]),
            ("instrument", [one.instrument for one in self.instruments]),
        )
        for what, numbers in named:
            if twice := sorted({number for number in numbers if numbers.count(number) > 1}):
                raise ValueError(f"{what} {twice[0]} has its controls declared twice")


NO_CONTROLS = Controls()
"""Those of an engine without a service before it."""


class LimitCode(IntEnum):
    """The limits that an operator may change: what the `type` of a `limit` command means. Codes are added to, never renumbered."""

    LONG_MAX = 1
    SHORT_MAX = 2
    EXPOSURE_MAX = 3
    LOSS_MAX = 4
    MESSAGES = 5
    DUPLICATES = 6
    REPEATS = 7
    STATIC_TICKS = 8
    BREAKER_TICKS = 9
    VOLUME_MAX = 10


_OF_BOTH = (LimitCode.LONG_MAX, LimitCode.SHORT_MAX, LimitCode.EXPOSURE_MAX, LimitCode.MESSAGES)
LIMITS_OF = {
    "account": frozenset({*_OF_BOTH, LimitCode.LOSS_MAX, LimitCode.DUPLICATES, LimitCode.REPEATS}),
    "firm": frozenset(_OF_BOTH),
    "instrument": frozenset({LimitCode.STATIC_TICKS, LimitCode.BREAKER_TICKS, LimitCode.VOLUME_MAX}),
}
"""Which of them each scope has; of a rate, how many."""


def _not_negative(controls: msgspec.Struct, *names: str) -> None:
    for name in names:
        if getattr(controls, name) < 0:
            raise ValueError(f"{name} is {getattr(controls, name)}; wanted a limit above 0, or 0 for none")
