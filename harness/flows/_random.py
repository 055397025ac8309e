"""Random orders around a mid that wanders: what the flows share that make up their own orders, with their shape as data.

Whole columns are drawn a batch at a time; only the choice of the orders that cancels and replaces name goes one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harness.base.capabilities import Capabilities, Instrument
from harness.base.records import (
    NONE,
    CommandKind,
    Commands,
    Flag,
    Int64Array,
    OrderType,
    Side,
    TimeInForce,
    empty_commands,
)
from harness.base.seeds import Seed
from harness.flows._live import LiveOrder, LiveOrders

BATCH = 256
"""Commands drawn at once: drawing them holds a running drive up for less than a millisecond."""
MID = 100_000
BAND = 2_000
"""The mid stays this close to where it began, in ticks: it is reflected there, so that the book stays bounded."""
QTY_CHANCE = 0.1
"""Quantities are geometric with this chance of ending, so their mean is 10 lots."""
QTY_MAX = 10_000
PRICE_MAX = 1_000_000
GHOSTS = 2**62
"""Ids from here on were never sent: the orders of cancels that must be refused."""
NO_INSTRUMENT = 4_000_000_000


@dataclass(frozen=True, slots=True)
class Act:
    """One kind of thing a flow does: what the engine must offer for it, and what is done instead where it does not."""

    name: str
    needs: str = ""
    instead: str = "cross"


ACTS = (
    Act("rest"), Act("rest_gtc", "gtc", "rest"), Act("post", "post_only", "rest"),
    Act("cross"), Act("ioc", "ioc"), Act("market", "market"), Act("fok", "fok"),
    Act("cancel", "cancel"), Act("reduce", "cancel"), Act("replace", "replace", "cancel"),
    Act("mass", "mass_cancel", "cancel"), Act("wrong"),
)  # fmt: skip
"""`rest` stays on its side of the mid, `cross` goes through it, `reduce` cancels a part, `wrong` must be refused."""
REST, REST_GTC, POST, CROSS, IOC, MARKET, FOK, CANCEL, REDUCE, REPLACE, MASS, WRONG = range(len(ACTS))
TAKES = (CROSS, IOC, MARKET, FOK)
BELIEVED = (REST, REST_GTC, POST, CROSS)
"""What may rest, and so is remembered."""
NAMES_ONE = (CANCEL, REDUCE, REPLACE)
TIF = {IOC: TimeInForce.IOC, FOK: TimeInForce.FOK, REST_GTC: TimeInForce.GTC}

WRONG_FIELDS = (
    {"price": 0}, {"price": PRICE_MAX + 1}, {"qty": 0}, {"qty": QTY_MAX + 1}, {"order": 0}, {"instrument": NO_INSTRUMENT},
)  # fmt: skip
WRONG_NAMES = ("duplicate", "not_owner", "unknown_cancel", "unknown_replace")
"""The mistakes of `wrong`: a field that no order may have, or the wrong order named."""


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
    newest_first: float
    """0 names any live order alike; the higher, the more the new ones."""
    moves: tuple[int, ...]
    """By how many ticks a replace may move its order, each alike."""


def missing(shape: Shape, capabilities: Capabilities) -> tuple[str, ...]:
    """What the shape's acts need and the engine does not offer."""
    offered = {"", *capabilities.commands, *capabilities.types, *capabilities.tifs, *capabilities.flags}
    wanted = dict.fromkeys(act.needs for act in ACTS if act.name in shape.shares)
    return tuple(need for need in wanted if need not in offered)


def made_instruments(count: int) -> tuple[Instrument, ...]:
    """Instruments 1 to `count`, whose prices lie well inside their bounds."""
    return tuple(
        Instrument(id=number, symbol=f"MADE{number}", price_max=PRICE_MAX, qty_max=QTY_MAX)
        for number in range(1, count + 1)
    )


class RandomOrders:
    """The state of one run of the flow: mids, the next id and the orders believed to be live."""

    def __init__(
        self, shape: Shape, seed: Seed, *, markets: int, accounts: int, resting: int, without: tuple[str, ...]
    ) -> None:
        self._shape = shape
        self._accounts = accounts
        self._resting = resting
        self._without = without
        self._acts = seed.stream("acts")
        self._terms = seed.stream("terms")
        self._walk = seed.stream("mid")
        self._picks = seed.stream("targets")
        self._live = LiveOrders()
        self._mids = dict.fromkeys(range(1, markets + 1), MID)
        self._walks = dict.fromkeys(self._mids, 0)
        self._next_id = 1
        self._next_ghost = GHOSTS
        self._instead = _instead(without)
        weights = np.ones(markets)
        weights[0] = max(markets - 1, 1)
        self._busy = np.cumsum(weights / weights.sum())

    def batch(self) -> Commands:
        """The next batch: whole columns first, then the orders that cancels and replaces name, one by one."""
        self._live.forget_traded(self._mids, self._shape.near_ticks, self._next_id)
        acts = self._draw_acts()
        commands = self._new_orders(acts)
        self._spoil(commands, np.flatnonzero(acts == WRONG))
        self._follow(commands, acts)
        _strip(commands, acts)
        return commands

    def _draw_acts(self) -> npt.NDArray[np.int8]:
        """What each command does. Cancels grow with the book, which keeps it at its size."""
        shares = np.array([self._shape.shares.get(act.name, 0.0) for act in ACTS])
        fill = min(max(len(self._live) / self._resting, 0.1), 2.5)
        shares[[CANCEL, REDUCE, REPLACE]] *= fill
        edges = np.cumsum(shares / shares.sum())
        drawn = np.searchsorted(edges[:-1], self._acts.random(BATCH), side="right")
        return self._instead[drawn]

    def _new_orders(self, acts: npt.NDArray[np.int8]) -> Commands:
        """Every command as the new order that it would be."""
        terms = self._terms
        commands = empty_commands(BATCH)
        takes = np.isin(acts, TAKES)
        instrument = np.searchsorted(self._busy[:-1], terms.random(BATCH), side="right") + 1
        side = terms.integers(0, 2, BATCH)
        toward = np.where(side == Side.BUY, 1, -1)
        depth = (1 - terms.random(BATCH)) ** (-1 / self._shape.depth_exponent)
        reach = terms.geometric(0.3, BATCH)
        commands["kind"] = CommandKind.NEW
        commands["order"] = np.arange(self._next_id, self._next_id + BATCH, dtype=np.uint64)
        commands["price"] = self._mid(instrument) + toward * np.where(
            takes, reach, -np.minimum(depth, self._shape.deepest).astype(np.int64)
        )
        commands["qty"] = np.minimum(terms.geometric(QTY_CHANCE, BATCH), QTY_MAX)
        commands["instrument"] = instrument
        commands["account"] = terms.integers(1, self._accounts + 1, BATCH)
        commands["session"] = 1
        commands["side"] = side
        commands["type"] = np.where(acts == MARKET, OrderType.MARKET, OrderType.LIMIT)
        commands["tif"] = TimeInForce.DAY
        for act, tif in TIF.items():
            commands["tif"][acts == act] = tif
        commands["flags"] = np.where(acts == POST, Flag.POST_ONLY, Flag.NONE)
        commands["price"][acts == MARKET] = NONE
        self._next_id += BATCH
        return commands

    def _mid(self, instrument: Int64Array) -> Int64Array:
        """Each instrument's mid at each command: a random walk, reflected at the ends of its band."""
        draw = self._walk.random(BATCH)
        steps = (draw < self._shape.step_chance / 2).astype(np.int64) - (draw > 1 - self._shape.step_chance / 2)
        mid = np.empty(BATCH, np.int64)
        for number, start in self._walks.items():
            mine = instrument == number
            walk = start + np.cumsum(steps[mine])
            mid[mine] = MID - BAND + np.abs((walk - BAND) % (4 * BAND) - 2 * BAND)
            if len(walk):
                self._walks[number] = int(walk[-1])
                self._mids[number] = int(mid[mine][-1])
        return mid

    def _spoil(self, commands: Commands, rows: Int64Array) -> None:
        """Make one mistake in each of the rows."""
        mistake = self._picks.integers(0, len(WRONG_FIELDS) + len(WRONG_NAMES), len(rows))
        for number, fields in enumerate(WRONG_FIELDS):
            for field, value in fields.items():
                commands[field][rows[mistake == number]] = value
        for number, name in enumerate(WRONG_NAMES, len(WRONG_FIELDS)):
            for row in rows[mistake == number].tolist():
                self._misname(commands[row : row + 1], name)

    def _misname(self, command: Commands, mistake: str) -> None:
        """Turn a new order into one with an id in use, or into a cancel or replace of an order that is not its own or not there."""
        order = self._live.take(self._picks.random())
        if order is None:
            return
        self._live.add(order)
        if mistake == "duplicate":
            command["order"] = order.order
            self._live.add(LiveOrder._make(command[list(LiveOrder._fields)].tolist()[0]))
        elif mistake == "unknown_replace" and "replace" not in self._without:
            command["kind"], command["target"] = CommandKind.REPLACE, self._ghost().order
        elif "cancel" not in self._without:
            command["kind"], command["qty"], command["price"] = CommandKind.CANCEL, NONE, NONE
            command["target"] = order.order if mistake == "not_owner" else self._ghost().order
            command["order"] = command["target"]
            command["instrument"], command["account"] = order.instrument, order.account + 1

    def _follow(self, commands: Commands, acts: npt.NDArray[np.int8]) -> None:
        """Go through the batch in order: remember what will rest, and name a live order where one is needed."""
        live = self._live
        columns = [commands[field].tolist() for field in LiveOrder._fields]
        chances = (self._picks.random(BATCH) ** (1 / (1 + self._shape.newest_first))).tolist()
        moves = self._picks.choice(self._shape.moves, BATCH).tolist()
        rows: list[int] = []
        named: list[LiveOrder] = []
        becomes: list[LiveOrder] = []
        for row, (act, order) in enumerate(
            zip(acts.tolist(), map(LiveOrder._make, zip(*columns, strict=True)), strict=True)
        ):
            if act in BELIEVED:
                live.add(order)
            elif act in NAMES_ONE:
                taken = live.take(chances[row]) or self._ghost()
                rows.append(row)
                named.append(taken)
                after = _after(act, taken, order, moves[row])
                becomes.append(after)
                if act != CANCEL:
                    live.add(after)
            elif act == MASS:
                live.forget_account(order.account)
        _name(commands, np.array(rows, np.int64), named, becomes)

    def _ghost(self) -> LiveOrder:
        """An order that was never sent."""
        self._next_ghost += 1
        return LiveOrder(self._next_ghost, 1, int(Side.BUY), MID - BAND, 1, 1)


def _after(act: int, taken: LiveOrder, drawn: LiveOrder, move: int) -> LiveOrder:
    """What the named order is after the command; `drawn` is the row's own new order, whose id and quantity are free to use."""
    if act == REDUCE:
        return taken._replace(qty=1 + drawn.qty % taken.qty)
    if act == REPLACE:
        order = drawn.order if drawn.order % 2 else taken.order
        return taken._replace(order=order, price=taken.price + move, qty=drawn.qty)
    return taken


def _name(commands: Commands, rows: Int64Array, named: list[LiveOrder], becomes: list[LiveOrder]) -> None:
    """Write the named orders into their rows; a cancel's own order id is its target's, as nothing new comes of it."""
    if not len(rows):
        return
    target, after = np.array(named, np.int64).T, np.array(becomes, np.int64).T
    for at, field in enumerate(LiveOrder._fields):
        commands[field][rows] = after[at]
    commands["target"][rows] = target[0]


def _strip(commands: Commands, acts: npt.NDArray[np.int8]) -> None:
    """Give cancels, replaces and mass cancels their kind, and take away what does not belong to them."""
    commands["kind"][acts == REPLACE] = CommandKind.REPLACE
    commands["kind"][acts == MASS] = CommandKind.MASS_CANCEL
    cancels = np.isin(acts, (CANCEL, REDUCE))
    commands["kind"][cancels] = CommandKind.CANCEL
    commands["qty"][np.isin(acts, (CANCEL, MASS))] = NONE
    commands["price"][cancels | (acts == MASS)] = NONE
    for field, value in (("order", 0), ("instrument", 0), ("side", Side.NONE)):
        commands[field][acts == MASS] = value
    for field in ("type", "tif", "flags"):
        commands[field][commands["kind"] != CommandKind.NEW] = 0


def _instead(without: tuple[str, ...]) -> npt.NDArray[np.int8]:
    """For each act, the act that is done: itself, or the nearest one that the engine offers."""
    names = {act.name: number for number, act in enumerate(ACTS)}
    done = []
    for act in ACTS:
        while act.needs in without:
            act = ACTS[names[act.instead]]  # noqa: PLW2901 - walking the chain is the point
        done.append(names[act.name])
    return np.array(done, np.int8)
