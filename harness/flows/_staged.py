"""A market that goes through stages, over and over: what the flows of market events share, with their stages as data.

A stage says for how long what is done how often, which side of the book is pressed and where the mid goes. What each act is stands
here; `_staged_tables` makes arrays of it, `_staged_kernel` and `_staged_acts` draw from them.

The flow keeps the book itself, by the rules and by the limits that the engine enforces. So it knows what rests, what trades and what is
refused before it happens, however far its price has run. Buyers have odd accounts and sellers even ones, so that nobody meets himself
and self-trade prevention of any kind changes nothing; a replace keeps its id, moves to another price and names an order that has not
traded, so that conventions of replaces change nothing either. One session carries all accounts, and operators have theirs, which is 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal, Self

from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.notes import FlowNotes
from harness.base.records import CommandKind, Commands, OrderType, Side, TimeInForce
from harness.base.seeds import Seed

ACCOUNTS = 16
"""Those that trade by turns."""
STUFFER = ACCOUNTS + 1
"""The account that stuffs."""
PERSON = 9_001
"""Who halts and resumes."""
THOUSAND = 1_000
"""What the shares of a stage add up to."""
MID = 10_000
"""Where the mid begins, and a cycle of stages ends."""
QTY_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Act:
    """One kind of thing that is done: what the engine must offer for it, and what is done where it does not."""

    name: str
    needs: str = ""
    instead: str = ""
    kind: CommandKind = CommandKind.NEW
    type: OrderType = OrderType.LIMIT
    tif: TimeInForce = TimeInForce.DAY


ACTS = (
    Act("rest"),
    Act("cross"),
    Act("take", "ioc", "cross", tif=TimeInForce.IOC),
    Act("market", "market", "take", type=OrderType.MARKET),
    Act("stuff", "cancel", "rest"),
    Act("to_limit"),
    Act("beyond_limit"),
    Act("to_collar", "collar_ticks", "cross"),
    Act("beyond_collar", "collar_ticks", "cross"),
    Act("again"),
    Act("used_id"),
    Act("move", "replace", "cancel", kind=CommandKind.REPLACE),
    Act("cancel", "cancel", "take", kind=CommandKind.CANCEL),
    Act("cancel_again", "cancel", "rest", kind=CommandKind.CANCEL),
    Act("sweep", "mass_cancel", "cancel", kind=CommandKind.MASS_CANCEL),
    Act("halt", "halt", kind=CommandKind.HALT),
    Act("resume", "resume", kind=CommandKind.RESUME),
)
"""`rest` stands behind the mid, `cross`, `take` and `market` go into the other side. `stuff` enters orders of the stuffing account and cancels them
again. Orders come up to the instrument's bounds and to its collar, and a few ticks beyond. `again` is a live order once more, field by field; `used_id`
is its id on another order, which would trade; `cancel_again` is the last cancel once more. `sweep` is a mass cancel of the next account."""
NAMES = tuple(act.name for act in ACTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """For so many commands, what is done how often."""

    name: str
    commands: int
    shares: dict[str, int] = field(default_factory=dict)
    """Of a thousand commands, by the names of `ACTS`."""
    opens_with: Literal["", "halt", "resume"] = ""
    """What an operator asks first."""
    presses: Side = Side.NONE
    """The side of the book that is taken from and that cancels; NONE: each as often."""
    drift_ticks: int = 0
    """By how far the mid moves from its beginning to its end."""
    depth_ticks: int = 10
    """How far from the mid an order rests on average."""
    reach_ticks: int = 3
    """How far beyond the best price an order goes at the most that takes."""
    qty_lots: int = 20
    """The mean quantity of an order that rests."""
    takes: int = 1
    """By how much more an order takes than one that rests brings."""


@dataclass(frozen=True, slots=True)
class StagedFlow:
    """Endless: behind the last stage the first begins anew."""

    event: ClassVar[str]
    """What it is about, for the notes."""
    stages: ClassVar[tuple[Stage, ...]]
    essential: ClassVar[tuple[str, ...]] = ()
    """What the engine must offer for the event to happen at all."""
    least_accepted: ClassVar[float] = 1
    floods: ClassVar[int] = 0
    """The account that floods beside the others, where one does."""
    resting: int = 2_000
    """So many orders stand at the most when one more is to rest; then another is canceled instead. What a crossing order leaves may go beyond."""
    without: tuple[str, ...] = ()
    """What the engine does not offer or enforce."""
    apart: bool = False
    """Whether the engine keeps no order between accounts: then the market is another one than the flow thinks, and more of it is refused."""

    def fitted(self, capabilities: Capabilities, conventions: Conventions) -> Self:
        """Acts that the engine does not offer give way to others; without controls that it does not enforce."""
        del conventions
        offered = {*capabilities.offered(), *capabilities.controls}
        needed = dict.fromkeys(act.needs for act in ACTS if act.needs)
        without = tuple(need for need in needed if need not in offered)
        return replace(self, without=without, apart=capabilities.accounts_apart)

    def instruments(self) -> tuple[Instrument, ...]:
        """One, whose prices lie well inside their bounds."""
        return (Instrument(id=1, symbol="STAGED", price_max=20_000, qty_max=QTY_MAX),)

    def batches(self, seed: Seed) -> Iterator[Commands]:
        """Batches of 4,096 commands without end."""
        from harness.flows._staged_kernel import BATCH, StagedMarket  # noqa: PLC0415 - numba, half a second, only when commands are drawn

        market = StagedMarket(seed, self.stages, self.instruments()[0], self.resting, self.without)
        while True:
            yield market.draw(BATCH)

    def notes(self) -> FlowNotes:
        """What of the event the engine cannot show; which terms it lacks its capabilities tell."""
        missing = [need for need in self.essential if need in self.without]
        why = f"the engine does not offer {', '.join(missing)}"
        least = self.least_accepted / 4 if self.apart else self.least_accepted
        if missing:
            return FlowNotes(least_accepted=least, not_tested={self.event: why})
        return FlowNotes(least_accepted=least, floods=self.floods)
