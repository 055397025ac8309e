"""What an engine offers and by which conventions it works: declared by its adapter, stored with the evidence.

A capability that is absent makes a thing "not tested", by name. A convention is a point where real venues differ: an engine
is judged by the one that it declares, and a convention is never a finding.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from harness.base.records import NONE

SelfTradeMode: TypeAlias = Literal["none", "cancel_newest", "cancel_oldest", "cancel_both", "decrement"]
KeepsPlace: TypeAlias = Literal["quantity_down", "never"]
ReplaceQuantity: TypeAlias = Literal["open", "total"]
Channel: TypeAlias = Literal["order", "drop_copy"]
OrderOfSessions: TypeAlias = Literal["one_session", "engine_sequence", "unknown"]
StopTrigger: TypeAlias = Literal["last_trade", "quote"]
StopOrder: TypeAlias = Literal["price_time", "time"]
StopEvaluation: TypeAlias = Literal["command", "fill"]
ResetKind: TypeAlias = Literal["call", "restart", "none"]
MassCancelOf: TypeAlias = Literal["any", "account"]


class RiskLimits(msgspec.Struct, frozen=True, kw_only=True):
    """The pre-trade controls of one instrument; 0 or empty: no such control. Rules: docs/matching-rules.md."""

    order_qty_max: int = 0
    """The most lots of one order."""
    order_value_max: int = 0
    """The most price times quantity of one order, in ticks times lots."""
    collar_ticks: int = 0
    """How far a limit price may lie from the last trade, on either side."""
    reference_price: int = NONE
    """What stands for the last trade until there is one; NONE: before it the collar holds nothing back."""
    accounts: tuple[int, ...] = ()
    """The accounts that may trade it; empty: any."""

    def __post_init__(self) -> None:
        limits = {name: getattr(self, name) for name in ("order_qty_max", "order_value_max", "collar_ticks")}
        for name, limit in limits.items():
            if limit < 0:
                raise ValueError(f"{name} is {limit}; wanted a limit above 0, or 0 for none")


class Instrument(msgspec.Struct, frozen=True, kw_only=True):
    """One tradable thing: how its prices and quantities become integers, their bounds (inclusive) and its risk limits."""

    id: int
    symbol: str
    tick_1e9: int = 1_000_000_000
    """The price of one tick, times 1e9."""
    lot_1e9: int = 1_000_000_000
    """The quantity of one lot, times 1e9."""
    price_min: int = 1
    price_max: int = 2**40
    price_step: int = 1
    """Prices are multiples of it, in ticks."""
    qty_min: int = 1
    qty_max: int = 2**31
    risk: RiskLimits = RiskLimits()

    def __post_init__(self) -> None:
        if self.price_step < 1:
            raise ValueError(f"price_step of {self.symbol} is {self.price_step} ticks; wanted 1 or more")


def lie_within(own: tuple[Instrument, ...], asked: tuple[Instrument, ...]) -> bool:
    """Whether an engine trades the instruments that are asked for, in bounds that are no wider: a wire may not carry every number."""
    if len(own) != len(asked):
        return False
    bounds = ("price_min", "price_max", "qty_min", "qty_max")
    as_asked = (msgspec.structs.replace(one, **{name: getattr(want, name) for name in bounds}) for one, want in zip(own, asked, strict=True))  # fmt: skip
    return all(
        one == want and want.price_min <= mine.price_min and mine.price_max <= want.price_max
        and want.qty_min <= mine.qty_min and mine.qty_max <= want.qty_max
        for one, mine, want in zip(as_asked, own, asked, strict=True)
    )  # fmt: skip


CONTROLS = ("price_step", "accounts", "order_qty_max", "order_value_max", "collar_ticks")
"""The limits of an instrument that an engine may enforce or leave to others, such as a gateway before it."""
STAGE_CONTROLS = (
    "messages", "duplicates", "position", "exposure", "loss", "repeats", "restricted", "breaker", "qty_step", "static_price",
    "kill", "limit_change",
)  # fmt: skip
"""The controls of a service that stands before an engine: what each means is told in docs/risk-rules.md."""


def enforced(instrument: Instrument, controls: tuple[str, ...]) -> Instrument:
    """The instrument with only those limits that an engine of these controls enforces."""
    limits = {name: getattr(instrument.risk, name) for name in controls if name in RiskLimits.__struct_fields__}
    return msgspec.structs.replace(
        instrument,
        price_step=instrument.price_step if "price_step" in controls else 1,
        risk=RiskLimits(reference_price=instrument.risk.reference_price, **limits),
    )


OF_ANY_ACCOUNT = "mass_cancel_of_any"
"""The word in `Capabilities.offered` for mass cancels of all accounts at once."""


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What an engine offers; names are those of the enums in `records`, in lower case."""

    commands: tuple[str, ...] = ("new", "cancel")
    mass_cancel_of: MassCancelOf = "any"
    """Whose orders one mass cancel may take: those of any accounts, or of one alone, as where each account has its own connection."""
    types: tuple[str, ...] = ("limit",)
    tifs: tuple[str, ...] = ("day",)
    flags: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    """Further terms of an order: min_qty."""
    controls: tuple[str, ...] = ()
    """Which limits of an instrument, beyond the bounds of price and quantity, it enforces, and which controls of a service: names of `CONTROLS` and
    `STAGE_CONTROLS`."""
    carries: tuple[str, ...] = ()
    """The event fields that its wire carries, beyond command or order, kind and instrument."""
    untold: tuple[str, ...] = ()
    """What of these its wire leaves out all the same: canceled_qty, how much of an order a cancel took."""
    says_all: bool = True
    """Whether its wire can say every command. Where it cannot, the adapter answers those itself, by `rejected` on no channel, and no check
    is given them (docs/adapters.md). With a drop copy that is always so."""
    order_of_sessions: OrderOfSessions = "one_session"
    channels: tuple[Channel, ...] = ("order",)
    """On which streams its events come. With a drop copy, each comes on the order sessions that it concerns and there, where alone the
    order of all is told; a command that the wire cannot say then is answered by the adapter itself (docs/adapters.md)."""
    accounts_apart: bool = False
    """Whether each account has a connection of its own. Then commands of several accounts keep their order only as far as each waits
    for the answers to those before."""
    answers_at_once: bool = False
    """Whether `send` returns only when all that it was given is answered, as an engine inside gonogo does: while it works,
    nothing can be sent, and that is its lateness and not the generator's."""
    durable: bool = False
    book: tuple[str, ...] = ()
    """How the book can be asked: snapshot, best, depth."""
    reset: ResetKind = "restart"

    def may_leave_unsaid(self) -> bool:
        """Whether there may be commands that its wire cannot say, and that the adapter answers itself."""
        return not self.says_all or len(self.channels) > 1

    def offered(self) -> frozenset[str]:
        """All that may be sent, in one set: commands, types, times in force, flags and further terms; and whether one command cancels all."""
        whole = (OF_ANY_ACCOUNT,) if self.cancels_all() else ()
        return frozenset((*self.commands, *self.types, *self.tifs, *self.flags, *self.terms, *whole))

    def cancels_all(self) -> bool:
        """Whether one command may cancel every order there is."""
        return "mass_cancel" in self.commands and self.mass_cancel_of == "any"


class Conventions(msgspec.Struct, frozen=True, kw_only=True):
    """Where real venues differ, and what this engine does."""

    self_trade: SelfTradeMode = "none"
    replace_keeps_place: KeepsPlace = "quantity_down"
    """Whether a replace that lowers quantity at the same price keeps its place in the queue."""
    replace_quantity: ReplaceQuantity = "open"
    """Whether a replace's quantity is the new open quantity, or a new total that counts what was already traded."""
    stop_trigger: StopTrigger = "last_trade"
    """What a stop looks at: the last trade, or the best price of the side that it would trade with."""
    stop_order: StopOrder = "price_time"
    """The order of stops that trigger together."""
    stop_evaluation: StopEvaluation = "command"
    """Whether stops are looked at once a command is done with, or after each trade as well."""
