"""Random orders around a mid that wanders: what the flows share that make up their own orders, with their shape as data.

What a flow does stands here: its acts, its mistakes, its shape. `_random_tables` makes arrays of that, `_random_kernel` draws from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal, Self, TypeAlias

from harness.base.capabilities import Capabilities, Conventions, Instrument, RiskLimits
from harness.base.notes import FlowNotes
from harness.base.records import NONE, CommandKind, Commands, Flag, OrderType, TimeInForce
from harness.base.seeds import Seed

MID = 100_000
BAND = 2_000
"""The mid stays this close to where it began, in ticks: it is reflected there, so that the book stays bounded."""
QTY_CHANCE = 0.1
"""Quantities are geometric with this chance of ending, so their mean is 10 lots."""
REACH_CHANCE = 0.3
"""So is by how many ticks an order goes through the mid, which is three on average."""
QTY_MAX = 10_000
PRICE_MAX = 1_000_000
NOBODY = 4_000_000_000
"""No account and no instrument is this one."""
LIMITED_STEP, LIMITED_QTY, LIMITED_VALUE, LIMITED_COLLAR = 2, 500, 45_000_000, 1_000
"""What holds on the last instrument, beside the list of its accounts. No good order comes near it: the mid, the depths and the
quantities see to that."""

Place: TypeAlias = Literal["", "rest", "cross", "stop", "named", "all", "wrong"]
"""Where an order's price lies: on its own side of the mid, through it, or, behind a stop, on the far side; `named` is no new order
but a command about a live one, `all` about all of an account, `wrong` a mistake."""


@dataclass(frozen=True, slots=True)
class Act:
    """One kind of thing a flow does: what the engine must offer for it, and what is done instead where it does not."""

    name: str
    place: Place = ""
    needs: tuple[str, ...] = ()
    instead: str = "cross"
    kind: CommandKind = CommandKind.NEW
    type: OrderType = OrderType.LIMIT
    tif: TimeInForce = TimeInForce.DAY
    flags: Flag = Flag.NONE
    least: bool = False
    """Whether it has a minimum quantity."""
    stays: bool = False
    """Whether it may rest or wait, and so is remembered."""


ACTS = (
    Act("rest", "rest", stays=True),
    Act("rest_gtc", "rest", ("gtc",), "rest", tif=TimeInForce.GTC, stays=True),
    Act("post", "rest", ("post_only",), "rest", flags=Flag.POST_ONLY, stays=True),
    Act("cross", "cross", stays=True),
    Act("ioc", "cross", ("ioc",), tif=TimeInForce.IOC),
    Act("market", "", ("market",), type=OrderType.MARKET),
    Act("fok", "cross", ("fok",), tif=TimeInForce.FOK),
    Act("least", "cross", ("min_qty",), least=True, stays=True),
    Act("stop", "stop", ("stop",), "market", type=OrderType.STOP, stays=True),
    Act("stop_limit", "stop", ("stop_limit",), "stop", type=OrderType.STOP_LIMIT, stays=True),
    Act("stop_ioc", "stop", ("stop_limit", "ioc"), "stop_limit", type=OrderType.STOP_LIMIT, tif=TimeInForce.IOC, stays=True),
    Act("stop_fok", "stop", ("stop_limit", "fok"), "stop_limit", type=OrderType.STOP_LIMIT, tif=TimeInForce.FOK, stays=True),
    Act("cancel", "named", ("cancel",), kind=CommandKind.CANCEL),
    Act("reduce", "named", ("cancel",), kind=CommandKind.CANCEL),
    Act("replace", "named", ("replace",), "cancel", kind=CommandKind.REPLACE),
    Act("mass", "all", ("mass_cancel",), "cancel", kind=CommandKind.MASS_CANCEL),
    Act("wrong", "wrong"),
)  # fmt: skip
"""`reduce` cancels a part; `wrong` must be refused."""
NAMES = tuple(act.name for act in ACTS)
NAMING = ("duplicate", "not_owner", "unknown", "waiting", "limited")
"""Which order a mistake names: one whose id is in use, somebody else's, one never sent, a stop that waits and cannot be replaced, or
the last order of the limited instrument, which is replaced by what it must not be."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A good command of the act with a field that it may not have, or one that names the wrong order."""

    act: str
    fields: dict[str, int] = field(default_factory=dict)
    names: str = ""
    needs: tuple[str, ...] = ()
    """What the engine must offer or enforce beside what the act needs, so that it is this mistake that it sees."""
    limited: bool = False
    """Whether it is one on the limited instrument alone."""


MISTAKES = (
    Mistake("rest", {"price": 0}), Mistake("rest", {"price": PRICE_MAX + 1}),
    Mistake("rest", {"qty": 0}), Mistake("rest", {"qty": QTY_MAX + 1}),
    Mistake("rest", {"order": 0}), Mistake("rest", {"instrument": NOBODY}),
    Mistake("rest", names="duplicate"), Mistake("cancel", names="not_owner"),
    Mistake("cancel", names="unknown"), Mistake("replace", names="unknown"),
    Mistake("stop", {"stop": NONE}), Mistake("stop_limit", {"stop": PRICE_MAX + 1}), Mistake("stop_limit", {"price": NONE}),
    Mistake("stop", {"flags": Flag.POST_ONLY}, needs=("post_only",)), Mistake("stop_limit", {"min_qty": 1}, needs=("min_qty",)),
    Mistake("cross", {"stop": MID}, needs=("stop",)), Mistake("replace", names="waiting", needs=("stop",)),
    Mistake("least", {"min_qty": 0}), Mistake("least", {"min_qty": QTY_MAX}),
    Mistake("fok", {"min_qty": 1}, needs=("min_qty",)), Mistake("post", {"min_qty": 1}, needs=("min_qty",)),
    Mistake("rest", {"price": MID + 1}, needs=("price_step",), limited=True),
    Mistake("rest", {"account": NOBODY}, needs=("accounts",), limited=True),
    Mistake("rest", {"qty": LIMITED_QTY + 1}, needs=("order_qty_max",), limited=True),
    Mistake("rest", {"qty": LIMITED_QTY - 20}, needs=("order_value_max",), limited=True),
    Mistake("rest", {"price": MID + 10 * LIMITED_COLLAR}, needs=("collar_ticks",), limited=True),
    Mistake("replace", {"qty": LIMITED_QTY + 1}, names="limited", needs=("order_qty_max",)),
    Mistake("replace", {"price": MID - 10 * LIMITED_COLLAR}, names="limited", needs=("collar_ticks",)),
)  # fmt: skip
"""The mistakes of `wrong`, each as often as any other that the engine can see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What makes one random flow differ from another."""

    shares: dict[str, float]
    """How often each act is drawn, in any unit. Those of cancel, reduce and replace grow with the book."""
    depth_exponent: float
    """P(depth >= d ticks) = d ** -exponent."""
    deepest: int
    step_chance: float
    """The chance of each command to move its instrument's mid by one tick."""
    near_ticks: int
    """An order as near to the mid as this is believed to trade soon."""
    newest_first: int
    """0 names any live order alike; the higher, the more the new ones."""
    moves: tuple[int, ...]
    """By how many ticks a replace may move its order, each alike."""


@dataclass(frozen=True, slots=True)
class RandomFlow:
    """Endless; the first of the `markets` has half of the flow, and cancels hold what is believed to rest at about `resting`."""

    shape: ClassVar[Shape]
    markets: int
    accounts: int
    resting: int
    without: tuple[str, ...] = ()
    """What the engine does not offer."""
    new_ids: bool = False
    """Whether each replace gives its order a new id, as clients of OUCH and FIX do; else half of them keep it, and a client of these
    cannot name that order again until it was answered."""

    def fitted(self, capabilities: Capabilities, conventions: Conventions) -> Self:
        """Acts that the engine does not offer give way to the nearest that it does; its capabilities tell what they are."""
        del conventions
        return replace(self, without=_missing(capabilities))

    def instruments(self) -> tuple[Instrument, ...]:
        """Instruments 1 to `markets`, whose prices lie well inside their bounds; the last has limits of every kind."""
        free = tuple(
            Instrument(id=number, symbol=f"MADE{number}", price_max=PRICE_MAX, qty_max=QTY_MAX)
            for number in range(1, self.markets)
        )
        risk = RiskLimits(
            order_qty_max=LIMITED_QTY, order_value_max=LIMITED_VALUE, collar_ticks=LIMITED_COLLAR, reference_price=MID,
            accounts=tuple(range(1, self.accounts + 1)),
        )  # fmt: skip
        number = self.markets
        limited = Instrument(
            id=number, symbol=f"MADE{number}", price_max=PRICE_MAX, qty_max=QTY_MAX, price_step=LIMITED_STEP, risk=risk
        )
        return (*free, limited)

    def batches(self, seed: Seed) -> Iterator[Commands]:
        """Batches of 4,096 commands without end."""
        from harness.flows._random_kernel import drawn  # noqa: PLC0415 - numba, half a second, only when commands are drawn

        return drawn(
            self.shape,
            seed,
            markets=self.markets,
            accounts=self.accounts,
            resting=self.resting,
            without=self.without,
            new_ids=self.new_ids,
        )

    def notes(self) -> FlowNotes:
        """More than nine in ten new orders are good ones, and a few of the post-only ones are refused: 0.8 leaves room."""
        return FlowNotes(least_accepted=0.8)


def _missing(capabilities: Capabilities) -> tuple[str, ...]:
    """What some act needs and the engine does not offer."""
    offered = capabilities.offered()
    wanted = dict.fromkeys(need for act in ACTS for need in act.needs)
    return tuple(need for need in wanted if need not in offered)
