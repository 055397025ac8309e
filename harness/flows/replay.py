"""A recorded market driven through the engine: real prices, real queues, real bursts of cancels.

A recording (`harness.wire.recording`) tells its market order by order. The book as it stood when trading opened is sent first, in
queue order. The open is taken to be the end of the first event, from the first trade on, that leaves the book uncrossed: before it
a venue collects orders for its auction, and that book would trade. A recording without trades opens with its first uncrossed book.
From there on each record becomes a command:

- an add becomes a new day limit order under its own id,
- a trade an immediate-or-cancel order at its price and side, under an id that the file does not use,
- a cancel a cancel of the amount removed, a modify a replace that keeps its id,
- but a cancel or modify that follows a fill of the same order in the same event is left out: it is the fill's result.

A venue has implied orders and hidden quantity that its feed does not show, so the engine's book drifts from the recorded one, and
some cancels and modifies come for orders that have traded: they are rejected, rightly. Buyers are account 1 and sellers account
2, so that nobody meets himself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, Self, TypeAlias

import numpy as np

from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.discover import folder_of
from harness.base.errors import SetupError
from harness.base.notes import FlowNotes
from harness.base.records import NONE, CommandKind, Commands, Int64Array, OrderType, Side, TimeInForce, empty_commands
from harness.base.seeds import Seed
from harness.flows._rebuild import Rebuilt, RecordedBook, rebuild
from harness.wire import recording_bitfinex, recording_csv
from harness.wire.recording import UNIT_1E9, Action, Recording, Row
from harness.wire.recording_map import read_map

Form: TypeAlias = Literal["mbo", "bitfinex", "map"]
"""What lies at a path: market-by-order CSV, a dump of Bitfinex's raw book, or the column map of a file of one's own."""
BATCH = 1024
INSTRUMENT = 1
_NEEDS = {"trades": "ioc", "cancels": "cancel", "modifies": "replace"}


@dataclass(frozen=True, slots=True)
class ReplayFlow:
    """Ends with its file. Without a `path` it is the made-up day that comes along."""

    path: Path | None = None
    form: Form = "mbo"
    without: tuple[str, ...] = ()
    """Of trades, cancels and modifies those that the engine has no command for."""
    modify_by_cancel: bool = False
    """Send a modify as a cancel and a new order: a replace counts what was traded before, and a recording does not tell that."""

    def fitted(self, capabilities: Capabilities, conventions: Conventions) -> Self:
        """Leave out what the engine has no command for."""
        offered = capabilities.offered()
        without = tuple(kind for kind, need in _NEEDS.items() if need not in offered)
        return replace(self, without=without, modify_by_cancel=conventions.replace_quantity == "total")

    def instruments(self) -> tuple[Instrument, ...]:
        return (self.day().instrument,)

    def batches(self, seed: Seed) -> Iterator[Commands]:
        """The opening book, then the day, in batches of 1,024; no randomness."""
        del seed
        commands = _drive(self).commands
        for first in range(0, len(commands), BATCH):
            yield commands[first : first + BATCH].copy()

    def times_ns(self) -> Int64Array:
        """When each command's record came, ns since 1970; NONE for the opening book, and where the recording tells no times."""
        return _drive(self).times_ns

    def notes(self) -> FlowNotes:
        """All new orders of a recorded day are good ones; 0.9 leaves room for what the drift of the book may do."""
        why = "the engine does not offer it"
        return FlowNotes(
            least_accepted=0.9,
            told=_told(self.day()),
            not_tested={f"{kind} of the recorded day": f"{why}: {_NEEDS[kind]}" for kind in self.without},
        )

    def day(self) -> Day:
        """The recording behind it."""
        return _load(self.path or folder_of("scenarios") / "data" / "made_up_day.csv.gz", self.form)


class Day(NamedTuple):
    """A recording, read and rebuilt."""

    recording: Recording
    rebuilt: Rebuilt
    instrument: Instrument


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
    """All commands of a flow."""

    commands: Commands
    times_ns: Int64Array


@lru_cache(maxsize=1)
def _load(path: Path, form: Form) -> Day:
    """Read, check and rebuild a recording.

    Raises:
        SetupError: the file is missing or not of its form, or an order in it has no price, side or quantity.
    """
    recording = _read(path, form)
    records = recording.records
    orders = records[np.isin(records["action"], (Action.ADD, Action.MODIFY))]
    if not len(orders):
        raise SetupError(f"{path} has no order, so there is nothing to drive")
    priced = records["price"][
        np.isin(records["action"], (Action.ADD, Action.MODIFY, Action.TRADE)) & (records["price"] != NONE)
    ]
    instrument = Instrument(
        id=INSTRUMENT, symbol=recording.symbol, tick_1e9=recording.tick_1e9, lot_1e9=recording.lot_1e9,
        price_min=min(int(priced.min()), 1), price_max=int(priced.max()), qty_max=int(records["size"].max()),
    )  # fmt: skip
    return Day(recording, rebuild(recording), instrument)


def _read(path: Path, form: Form) -> Recording:
    if form == "bitfinex":
        return recording_bitfinex.read(path)
    if form == "mbo":
        return recording_csv.read(path)
    told = read_map(path)
    return recording_csv.read(path.parent / told.file, told, told.symbol)


@lru_cache(maxsize=1)
def _drive(flow: ReplayFlow) -> Driven:
    """The whole drive, made once: its commands are asked for, and their times."""
    orders = list(_orders(flow.day(), flow))
    ns, kind, order_id, side, price, qty, tif = zip(*orders, strict=True)
    commands = empty_commands(len(orders))
    commands["kind"], commands["side"], commands["tif"] = kind, side, tif
    commands["price"], commands["qty"] = price, qty
    commands["order"] = np.array(order_id, np.uint64)
    is_new = commands["kind"] == CommandKind.NEW
    commands["target"] = np.where(is_new, 0, commands["order"])
    commands["type"] = np.where(is_new, OrderType.LIMIT, OrderType.NONE)
    commands["instrument"] = INSTRUMENT
    commands["account"] = commands["side"] + 1
    commands["session"] = 1
    return Driven(commands, np.array(ns, np.int64))


def _orders(day: Day, flow: ReplayFlow) -> Iterator[Order]:
    """The recorded book runs along, for the opening book and for what a clear takes away."""
    rows = day.recording.rows()
    book = _opening(day)
    for order_id, order in book.orders.items():
        yield Order(NONE, CommandKind.NEW, order_id, order.side, order.price, order.size, TimeInForce.DAY)
    next_id = max(row.order for row in rows) + 1
    filled: set[int] = set()
    for row in rows[day.rebuilt.open_row :]:
        if row.action == Action.FILL:
            filled.add(row.order)
        elif row.action == Action.TRADE:
            if _has_aggressor(row) and "trades" not in flow.without:
                yield Order(row.ns, CommandKind.NEW, next_id, row.side, row.price, row.size, TimeInForce.IOC)
                next_id += 1
        elif row.action == Action.CLEAR:
            yield from _clear(row, book, flow)
        elif row.action == Action.ADD or row.order not in filled:
            yield from _change(row, book, flow)
        book.apply(row)
        if row.last:
            filled.clear()


def _opening(day: Day) -> RecordedBook:
    """The book when trading opened."""
    book = RecordedBook()
    for row in day.recording.rows()[: day.rebuilt.open_row]:
        book.apply(row)
    return book


def _has_aggressor(row: Row) -> bool:
    """Whether a trade can be sent as an order; an auction's cannot, it has no aggressor."""
    return row.side != Side.NONE and row.price != NONE and row.size > 0


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


def _clear(row: Row, book: RecordedBook, flow: ReplayFlow) -> Iterator[Order]:
    """A cancel for each order of the recorded book: the venue dropped them all."""
    if "cancels" not in flow.without:
        for order_id, order in book.orders.items():
            yield Order(row.ns, CommandKind.CANCEL, order_id, order.side)


def _told(day: Day) -> dict[str, str]:
    """The figures of the rebuilt recording, and what to expect of the drive."""
    recording, rebuilt, _ = day
    book = rebuilt.end
    unsided = sum(
        row.action == Action.TRADE and not _has_aggressor(row) for row in recording.rows()[rebuilt.open_row :]
    )
    told = {
        "records": f"{len(recording.records):,}",
        "units": f"a tick is {recording.tick_1e9 / UNIT_1E9:.9g}, a lot {recording.lot_1e9 / UNIT_1E9:.9g}: all prices and sizes are whole multiples",
        "rebuilt": (
            f"{book.unknown} cancels or modifies of an unknown order, {book.duplicates} duplicate adds, {book.over_cancels} over-cancels, "
            f"{book.side_flips} of the other side; {len(book.orders):,} orders live at the end, {rebuilt.live_max:,} at most"
        ),
        "crossed": (
            f"{rebuilt.crossed_ends:,} of {rebuilt.event_ends:,} event ends, {rebuilt.crossed_after_open} after the open"
        ),
        "traded": f"{rebuilt.traded_lots:,} lots in {rebuilt.trades:,} trade records",
        "opening book": f"{len(_opening(day).orders):,} orders, sent first",
        "left out": f"cancels and modifies that are the result of a fill, and {unsided} trades without an aggressor's side",
        "expected": "cancels and modifies of orders that traded in this engine and not on the venue are rejected",
    }
    return told if recording.timed else {**told, "times": "none are recorded, so it cannot be paced by them"}


FLOW = ReplayFlow
