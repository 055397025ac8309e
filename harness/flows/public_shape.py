"""The order flow of the public benchmark flash1-dev/matching-engine-benchmark, in its shape: one stock, most orders canceled at once.

By that benchmark's docs/METHODOLOGY.md and its figures: the mid follows a geometric Brownian motion from 33,504 ticks, a step a new
order; how far it goes over the whole run is the shape's swing. Buys are priced off the first half of the path and sells off the second,
each 1 to 800 ticks behind its mid: a power law with a hump around the ninth tick. Then their order is shuffled. 15 % are
immediate-or-cancel; of the rest 20 % are modified (a lot up, 80 % also a tick toward the mid) and 95 % canceled; 2 % of the cancels,
and of the modifies of canceled orders, come once more, too late.

What decides how many orders stand is not how long they live: an order's whole life ends before the next one begins. Only the 5 % that
are never canceled stand, and of these only what the other side's orders do not reach. A mid that stays leaves nearly all; for one that
moves it hangs on how far the two halves of its path part, which from path to path gives a book of none or of 40,000 orders. So the path
is that of the benchmark's own seed, 23, and all else is drawn from the run's: the same books stand, though not the very same bytes.

Buyers are account 1 and sellers account 2, so that nobody meets himself. An engine whose replace names a total, and not what is open
after, gets the same number and has less open where a part has traded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.errors import SetupError
from harness.base.notes import FlowNotes
from harness.base.records import NONE, CommandKind, Commands, Int64Array, OrderType, Side, TimeInForce, empty_commands
from harness.base.seeds import Seed

BATCH = 2_048
"""New orders drawn at once; with what becomes of them they are some 4,000 commands, and take a third of a millisecond."""
MID = 33_504
DEPTH_EXPONENT, DEEPEST = 2.23, 800
HUMP, HUMP_AT = 5.0, 9
QTY_MAX = 100
PATH_SEED = 23
"""Of the mid's path, for the generator MT19937: the benchmark's own choice, for the books that stand by it."""
IOC, MODIFIED, MOVED, CANCELED, TWICE = 0.15, 0.20, 0.80, 0.95, 0.02
SHAPES = {"static": 0.0, "normal": 0.02, "swing-25": 0.25, "swing-40": 0.40, "flash-crash": 0.60}
"""The five scenarios of the benchmark: how far the mid goes over the run, as the standard deviation of its logarithm."""
_NEEDS = {"immediate-or-cancel orders": "ioc", "modifies": "replace", "cancels": "cancel"}


@dataclass(frozen=True, slots=True)
class PublicShapeFlow:
    """Ends with its last order."""

    shape: str = "normal"
    """One of `SHAPES`."""
    orders: int = 1_000_000
    """New orders; about twice as many commands come of them."""
    without: tuple[str, ...] = ()
    """Of immediate-or-cancel orders, modifies and cancels those that the engine has no command for."""

    def __post_init__(self) -> None:
        if self.shape not in SHAPES:
            raise SetupError(f"there is no shape {self.shape!r} of the public flow; there are: {', '.join(SHAPES)}")

    def fitted(self, capabilities: Capabilities, conventions: Conventions) -> Self:
        """Leave out what the engine has no command for."""
        del conventions
        offered = capabilities.offered()
        return replace(self, without=tuple(kind for kind, need in _NEEDS.items() if need not in offered))

    def instruments(self) -> tuple[Instrument, ...]:
        return (Instrument(id=1, symbol="PUBLIC"),)

    def batches(self, seed: Seed) -> Iterator[Commands]:
        """The orders in batches, each order's commands together; no two batches are of equal size."""
        placed = _placed(SHAPES[self.shape], self.orders, seed.stream("orders"))
        chance = seed.stream("lives")
        for first in range(0, self.orders, BATCH):
            part = _Placed(*(column[first : first + BATCH] for column in placed))
            yield _commands(part, _lives(len(part.id), self.without, chance))

    def notes(self) -> FlowNotes:
        """Every order is a good one."""
        why = "the engine does not offer it"
        return FlowNotes(
            least_accepted=1,
            not_tested={f"{kind} of the public flow": f"{why}: {_NEEDS[kind]}" for kind in self.without},
        )


class _Placed(NamedTuple):
    """New orders in the order in which they arrive."""

    id: Int64Array
    side: Int64Array
    price: Int64Array
    qty: Int64Array


def _placed(swing: float, count: int, chance: np.random.Generator) -> _Placed:
    """Place orders along the path of the mid, then shuffle them."""
    mid = _path(swing, count)
    side = np.where(np.arange(count) < count // 2, Side.BUY, Side.SELL).astype(np.int64)
    behind = np.where(side == Side.BUY, -1, 1) * (1 + np.searchsorted(_depths(), chance.random(count), side="right"))
    qty = chance.integers(1, QTY_MAX, count, endpoint=True)
    arrival = chance.permutation(count)
    return _Placed(arrival + 1, side[arrival], np.maximum(mid + behind, 1)[arrival], qty[arrival])


def _path(swing: float, count: int) -> Int64Array:
    """The mid at each new order: of four draws an order the benchmark makes its step of the first two, by Box and Muller."""
    draws = np.random.RandomState(PATH_SEED).random_sample((count, 4))
    normal = np.sqrt(-2 * np.log(np.maximum(draws[:, 0], 1e-300))) * np.cos(2 * np.pi * draws[:, 1])
    step = swing / np.sqrt(count)
    mid: Int64Array = np.rint(MID * np.exp(np.cumsum(step * normal - step**2 / 2))).astype(np.int64)
    return mid


def _depths() -> npt.NDArray[np.float64]:
    """The chance that an order lies at most 1, 2, ... ticks behind its mid."""
    ticks = np.arange(1, DEEPEST + 1)
    weight = ticks**-DEPTH_EXPONENT + HUMP * np.exp(-((ticks - HUMP_AT) ** 2) / 2)
    edges: npt.NDArray[np.float64] = np.cumsum(weight / weight.sum())
    return edges[:-1]


class _Lives(NamedTuple):
    """What becomes of orders."""

    ioc: npt.NDArray[np.bool_]
    moved: npt.NDArray[np.bool_]
    """Whether its modifies also move it a tick toward the mid."""
    steps: npt.NDArray[np.bool_]
    """Which of `KINDS` each goes through, in that order; shape (n, 5)."""


def _lives(count: int, without: tuple[str, ...], chance: np.random.Generator) -> _Lives:
    """Draw what becomes of so many orders."""
    ioc, modified, moved, canceled, canceled_twice, modified_twice = (
        chance.random((count, 6)) < (IOC, MODIFIED, MOVED, CANCELED, TWICE, TWICE)
    ).T
    modified &= ~ioc & ("modifies" not in without)
    canceled &= ~ioc & ("cancels" not in without)
    placed = ~ioc | ("immediate-or-cancel orders" not in without)
    steps = (placed, modified, canceled, canceled & canceled_twice, modified & canceled & modified_twice)
    return _Lives(ioc, moved, np.stack(steps, axis=1))


KINDS = np.array(
    [CommandKind.NEW, CommandKind.REPLACE, CommandKind.CANCEL, CommandKind.CANCEL, CommandKind.REPLACE], np.uint8
)  # fmt: skip


def _commands(placed: _Placed, lives: _Lives) -> Commands:
    """The commands of the orders: all of one order's, then all of the next one's."""
    row, step = np.nonzero(lives.steps)
    kind, side = KINDS[step], placed.side[row]
    is_new, modifies = kind == CommandKind.NEW, kind == CommandKind.REPLACE
    toward = np.where(side == Side.BUY, 1, -1)
    commands = empty_commands(len(row))
    commands["kind"], commands["session"], commands["instrument"] = kind, 1, 1
    commands["side"], commands["account"] = side, 1 + side
    commands["order"] = placed.id[row]
    commands["target"] = np.where(is_new, 0, placed.id[row])
    commands["price"] = np.maximum(placed.price[row] + np.where(modifies & lives.moved[row], toward, 0), 1)
    commands["qty"] = placed.qty[row] + modifies
    for field in ("price", "qty"):
        commands[field][kind == CommandKind.CANCEL] = NONE
    commands["type"][is_new] = OrderType.LIMIT
    commands["tif"][is_new] = np.where(lives.ioc[row], TimeInForce.IOC, TimeInForce.DAY)[is_new]
    return commands


FLOW = PublicShapeFlow
