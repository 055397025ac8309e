"""A recorded market driven through the engine: real prices, real queues, real bursts of cancels.

A recording (`harness.wire.recording`) tells its market order by order. The book as it stood when trading opened is sent first, in
queue order. The open is taken to be the end of the first event, from the first trade on, that leaves the book uncrossed: before it
a venue collects orders for its auction, and that book would trade. A recording without trades opens with its first uncrossed book.
From there on each record becomes a command:

- an add becomes a new day limit order under its own id,
- a trade an immediate-or-cancel order at its price and side, under an id that the file does not use,
- an execution such an order at the price and on the other side of the order that it names,
- a cancel a cancel of the amount removed, a modify a replace that keeps its id,
- but a cancel or modify that follows a fill of the same order in the same event is left out: it is the fill's result.

A venue has implied orders and hidden quantity that its feed does not show, so the engine's book drifts from the recorded one, and
some cancels and modifies come for orders that have traded: they are rejected, rightly. Buyers are account 1 and sellers account
2, so that nobody meets himself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np

from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.discover import folder_of
from harness.base.notes import FlowNotes
from harness.base.records import NONE, CommandKind, Commands, Int64Array, OrderType, Side, TimeInForce, empty_commands
from harness.base.seeds import Seed
from harness.flows._rebuild import TRADED, RecordedBook
from harness.flows._recorded_day import INSTRUMENT, Day, Form, figures, has_aggressor, load, opening
from harness.wire.recording import Action, Row

BATCH = 1024
_AGAINST: Mapping[int, Side] = {Side.BUY: Side.SELL, Side.SELL: Side.BUY, Side.NONE: Side.NONE}
_NEEDS = {"trades": "ioc", "cancels": "cancel", "modifies": "replace"}


@dataclass(frozen=True, slots=True)
class ReplayFlow:
    """Ends with its file, unless it loops. Without a `path` it is the made-up day that comes along."""

    path: Path | None = None
    form: Form = "mbo"
    without: tuple[str, ...] = ()
    """Of trades, cancels and modifies those that the engine has no command for."""
    modify_by_cancel: bool = False
    """Send a modify as a cancel and a new order: a replace counts what was traded before, and a recording does not tell that."""
    loops: bool = False
    """Where the file ends, empty the book and begin again under fresh ids."""
    mass_cancel: bool = True
    """Whether the book can be emptied by mass cancels; else by a cancel of each order of the recorded book."""

    def fitted(self, capabilities: Capabilities, conventions: Conventions) -> Self:
        """Leave out what the engine has no command for."""
        offered = capabilities.offered()
        without = tuple(kind for kind, need in _NEEDS.items() if need not in offered)
        return replace(
            self, without=without, modify_by_cancel=conventions.replace_quantity == "total",
            mass_cancel="mass_cancel" in offered,
        )  # fmt: skip

    def looped(self) -> Self:
        """For a run that is to be longer than the file; not where no order could be taken away again."""
        return replace(self, loops=self.mass_cancel or "cancels" not in self.without)

    def instruments(self) -> tuple[Instrument, ...]:
        return (self.day().instrument,)

    def batches(self, seed: Seed) -> Iterator[Commands]:
        """The opening book, then the day, in batches of 1,024; no randomness."""
        del seed
        driven = _drive(self).commands
        for loop in count() if self.loops else (0,):
            commands = _under_fresh_ids(driven, loop) if loop else driven
            for first in range(0, len(commands), BATCH):
                yield commands[first : first + BATCH].copy()

    def times_ns(self) -> Int64Array:
        """When the record of each command, up to the first loop's end, came, ns since 1970; NONE for the opening book, and where the recording tells no times."""
        return _drive(self).times_ns

    def notes(self) -> FlowNotes:
        """All new orders of a recorded day are good ones; 0.9 leaves room for what the drift of the book may do."""
        why = "the engine does not offer it"
        return FlowNotes(
            least_accepted=0.9,
            told=figures(self.day()) | ({"loops": _how_it_loops(self)} if self.loops else {}),
            not_tested={f"{kind} of the recorded day": f"{why}: {_NEEDS[kind]}" for kind in self.without},
        )

    def day(self) -> Day:
        """The recording behind it."""
        return load(self.path or folder_of("scenarios") / "data" / "made_up_day.csv.gz", self.form)


class Order(NamedTuple):
    """One command to be, in ticks and lots, and when its record came."""

    ns: int
    kind: CommandKind
    id: int
    side: int
    price: int = NONE
    qty: int = NONE
    tif: TimeInForce = TimeInForce.NONE


class Driven(NamedTuple):
    """All commands of a flow up to its end, or the first loop's."""

    commands: Commands
    times_ns: Int64Array


@lru_cache(maxsize=4)
def _drive(flow: ReplayFlow) -> Driven:
    """The whole drive, made once: its commands are asked for, and their times."""
    orders = _orders(flow.day(), flow)
    parts = [Driven(empty_commands(0), np.zeros(0, np.int64))]
    while some := list(islice(orders, BATCH)):
        parts.append(_as_commands(some))
    return Driven(np.concatenate([part.commands for part in parts]), np.concatenate([part.times_ns for part in parts]))


def _as_commands(orders: list[Order]) -> Driven:
    ns, kind, order_id, side, price, qty, tif = zip(*orders, strict=True)
    commands = empty_commands(len(orders))
    commands["kind"], commands["side"], commands["tif"] = kind, side, tif
    commands["price"], commands["qty"] = price, qty
    commands["order"] = np.array(order_id, np.uint64)
    is_new = commands["kind"] == CommandKind.NEW
    commands["target"] = np.where(is_new, 0, commands["order"])
    commands["type"] = np.where(is_new, OrderType.LIMIT, OrderType.NONE)
    commands["account"] = commands["side"] + 1
    # A mass cancel takes all of its account.
    commands["side"] = np.where(commands["kind"] == CommandKind.MASS_CANCEL, Side.NONE, commands["side"])
    commands["instrument"] = INSTRUMENT
    commands["session"] = 1
    return Driven(commands, np.array(ns, np.int64))


def _orders(day: Day, flow: ReplayFlow) -> Iterator[Order]:
    """The recorded book runs along, for the opening book and for what a clear takes away."""
    book = opening(day)
    for order_id, order in book.orders.items():
        yield Order(NONE, CommandKind.NEW, order_id, order.side, order.price, order.size, TimeInForce.DAY)
    next_id = int(day.recording.records["order"].max()) + 1
    filled: set[int] = set()
    for row in day.recording.rows(day.rebuilt.open_row):
        if row.action == Action.FILL:
            filled.add(row.order)
        elif row.action in TRADED:
            taker = row if row.action == Action.TRADE else _taker(row, book)
            if has_aggressor(taker) and "trades" not in flow.without:
                yield Order(row.ns, CommandKind.NEW, next_id, taker.side, taker.price, taker.size, TimeInForce.IOC)
                next_id += 1
        elif row.action == Action.CLEAR:
            yield from _clear(row.ns, book, flow)
        elif row.action == Action.ADD or row.order not in filled:
            yield from _change(row, book, flow)
        book.apply(row)
        if row.last:
            filled.clear()
    if flow.loops:
        yield from _empty(int(day.recording.records["ns"][-1]), book, flow)


def _empty(ns: int, book: RecordedBook, flow: ReplayFlow) -> Iterator[Order]:
    """What takes the orders of both accounts away, before the next loop."""
    if flow.mass_cancel:
        for side in (Side.BUY, Side.SELL):
            yield Order(ns, CommandKind.MASS_CANCEL, 0, side)
    else:
        yield from _clear(ns, book, flow)


def _under_fresh_ids(commands: Commands, loop: int) -> Commands:
    """The same under ids that neither the file nor a loop before has: counted on from the greatest."""
    commands = commands.copy()
    named = np.unique(commands["order"][commands["order"] > 0])
    first = int(named[-1]) + 1 + (loop - 1) * len(named)
    for field in ("order", "target"):
        fresh = np.searchsorted(named, commands[field]).astype(np.uint64) + np.uint64(first)
        commands[field] = np.where(commands[field] > 0, fresh, commands[field])
    return commands


def _how_it_loops(flow: ReplayFlow) -> str:
    by = "mass cancels" if flow.mass_cancel else "cancels of the recorded book's orders: what drifted stays"
    return f"where the file ends, it begins again under fresh ids; the book is emptied by {by}"


def _taker(row: Row, book: RecordedBook) -> Row:
    """The trade that an execution tells of, as its aggressor saw it: at the order's price where the record has none."""
    order = book.orders.get(row.order)
    price = order.price if order and row.price == NONE else row.price
    return row._replace(side=_AGAINST[order.side if order else row.side], price=price)


def _change(row: Row, book: RecordedBook, flow: ReplayFlow) -> Iterator[Order]:
    """The command of an add, cancel or modify."""
    side = _side_of(row, book)
    if row.action == Action.ADD:
        yield Order(row.ns, CommandKind.NEW, row.order, row.side, row.price, row.size, TimeInForce.DAY)
    elif row.action == Action.CANCEL and "cancels" not in flow.without:
        yield Order(row.ns, CommandKind.CANCEL, row.order, side, qty=row.size)
    elif row.action == Action.MODIFY and flow.modify_by_cancel and "cancels" not in flow.without:
        yield Order(row.ns, CommandKind.CANCEL, row.order, side)
        yield Order(row.ns, CommandKind.NEW, row.order, side, row.price, row.size, TimeInForce.DAY)
    elif row.action == Action.MODIFY and not flow.modify_by_cancel and "modifies" not in flow.without:
        yield Order(row.ns, CommandKind.REPLACE, row.order, side, row.price, row.size)


def _side_of(row: Row, book: RecordedBook) -> int:
    """The side of a record's order: a cancel need not tell it. Of an order that nobody knows, either will do."""
    order = book.orders.get(row.order)
    return order.side if order else row.side if row.side != Side.NONE else Side.BUY


def _clear(ns: int, book: RecordedBook, flow: ReplayFlow) -> Iterator[Order]:
    """A cancel for each order of the recorded book: the venue dropped them all."""
    if "cancels" not in flow.without:
        for order_id, order in book.orders.items():
            yield Order(ns, CommandKind.CANCEL, order_id, order.side)


FLOW = ReplayFlow
