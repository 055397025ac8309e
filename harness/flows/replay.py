"""A recorded trading day driven through the engine: real prices, real queues, real bursts of cancels.

The day is a market-by-order file (`harness.wire.mbo_csv`). The book as it stood when trading opened is sent first, in queue order.
The open is taken to be the end of the first event, from the first trade on, that leaves the book uncrossed: before it a
venue collects orders for its auction, and that book would trade. From there on each record becomes a command:

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
from typing import NamedTuple, Self

import numpy as np

from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.discover import folder_of
from harness.base.errors import SetupError
from harness.base.notes import FlowNotes
from harness.base.records import NONE, CommandKind, Commands, OrderType, Side, TimeInForce, empty_commands
from harness.base.seeds import Seed
from harness.flows._rebuild import Rebuilt, RecordedBook, Row, rebuild, rows_of
from harness.wire import mbo_csv
from harness.wire.mbo_csv import ADD, ASK, BID, CANCEL, CLEAR, FILL, LAST, MODIFY, NO_PRICE, NO_SIDE, TRADE

BATCH = 1024
INSTRUMENT = 1
_SIDE = {BID: Side.BUY, ASK: Side.SELL}
_NEEDS = {"trades": "ioc", "cancels": "cancel", "modifies": "replace"}


@dataclass(frozen=True, slots=True)
class ReplayFlow:
    """Ends with its file. Without a `path` it is the made-up day that comes along."""

    path: Path | None = None
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
        return (self._day().instrument,)

    def batches(self, seed: Seed) -> Iterator[Commands]:
        """The opening book, then the day, in batches of 1,024; no randomness."""
        del seed
        orders = list(_orders(self._day(), self))
        for first in range(0, len(orders), BATCH):
            yield _as_commands(orders[first : first + BATCH])

    def notes(self) -> FlowNotes:
        """All new orders of a recorded day are good ones; 0.9 leaves room for what the drift of the book may do."""
        why = "the engine does not offer it"
        return FlowNotes(
            least_accepted=0.9,
            told=_told(self._day()),
            not_tested={f"{kind} of the recorded day": f"{why}: {_NEEDS[kind]}" for kind in self.without},
        )

    def _day(self) -> Day:
        return _load(self.path or folder_of("scenarios") / "data" / "made_up_day.csv.gz")


class Day(NamedTuple):
    """A recorded day, read and rebuilt."""

    rows: list[Row]
    rebuilt: Rebuilt
    instrument: Instrument


class Order(NamedTuple):
    """One command to be, in ticks and lots."""

    kind: CommandKind
    id: int
    side: Side
    price: int = NONE
    qty: int = NONE
    tif: TimeInForce = TimeInForce.NONE


@lru_cache(maxsize=1)
def _load(path: Path) -> Day:
    """Read, check and rebuild a day.

    Raises:
        SetupError: the file is missing or not of the format, or an order in it has no price, side or quantity.
    """
    records = mbo_csv.read(path)
    orders = np.isin(records["action"], (ADD, MODIFY))
    sides = np.isin(records["side"], (BID, ASK))
    wrong = np.flatnonzero(orders & ((records["price_1e9"] == NO_PRICE) | ~sides | (records["size"] < 1)))
    if len(wrong):
        row = records[wrong[0]].tolist()
        raise SetupError(
            f"{path}, line {wrong[0] + 2}: wanted an order with a price, a side and a size above 0, came {row}"
        )
    if not orders.any() or not (records["action"] == TRADE).any():
        raise SetupError(f"{path} has no order or no trade (actions A and T), so there is no open to drive it from")
    priced = records[orders | ((records["action"] == TRADE) & (records["price_1e9"] != NO_PRICE))]
    return Day(rows_of(records), rebuild(records), _instrument(path, priced))


def _instrument(path: Path, priced: mbo_csv.Records) -> Instrument:
    """The instrument that the records imply: its tick is the greatest that all prices are whole multiples of."""
    tick_1e9 = int(np.gcd.reduce(priced["price_1e9"])) or 1
    ticks = priced["price_1e9"] // tick_1e9
    return Instrument(
        id=INSTRUMENT, symbol=path.name.split(".")[0], tick_1e9=tick_1e9,
        price_min=min(int(ticks.min()), 1), price_max=int(ticks.max()), qty_max=int(priced["size"].max()),
    )  # fmt: skip


def _orders(day: Day, flow: ReplayFlow) -> Iterator[Order]:
    """The whole drive: the recorded book runs along, for the opening book and for what a clear takes away."""
    book = _opening(day)
    tick_1e9 = day.instrument.tick_1e9
    for order_id, order in book.orders.items():
        yield Order(
            CommandKind.NEW, order_id, _SIDE[order.side], order.price_1e9 // tick_1e9, order.size, TimeInForce.DAY
        )
    next_id = max(row.order_id for row in day.rows) + 1
    filled: set[int] = set()
    for row in day.rows[day.rebuilt.open_row :]:
        if row.action == FILL:
            filled.add(row.order_id)
        elif row.action == TRADE:
            if _has_aggressor(row) and "trades" not in flow.without:
                yield Order(
                    CommandKind.NEW, next_id, _SIDE[row.side], row.price_1e9 // tick_1e9, row.size, TimeInForce.IOC
                )
                next_id += 1
        elif row.action == CLEAR:
            yield from _clear(book, flow)
        elif row.action == ADD or row.order_id not in filled:
            yield from _change(row, tick_1e9, flow)
        book.apply(row)
        if row.flags & LAST:
            filled.clear()


def _opening(day: Day) -> RecordedBook:
    """The book when trading opened."""
    book = RecordedBook()
    for row in day.rows[: day.rebuilt.open_row]:
        book.apply(row)
    return book


def _has_aggressor(row: Row) -> bool:
    """Whether a trade can be sent as an order; an auction's cannot, it has no aggressor."""
    return row.side != NO_SIDE and row.price_1e9 != NO_PRICE and row.size > 0


def _change(row: Row, tick_1e9: int, flow: ReplayFlow) -> Iterator[Order]:
    """The command of an add, cancel or modify."""
    side, price = _SIDE[row.side], row.price_1e9 // tick_1e9
    if row.action == ADD:
        yield Order(CommandKind.NEW, row.order_id, side, price, row.size, TimeInForce.DAY)
    elif row.action == CANCEL and "cancels" not in flow.without:
        yield Order(CommandKind.CANCEL, row.order_id, side, qty=row.size)
    elif row.action == MODIFY and flow.modify_by_cancel and "cancels" not in flow.without:
        yield Order(CommandKind.CANCEL, row.order_id, side)
        yield Order(CommandKind.NEW, row.order_id, side, price, row.size, TimeInForce.DAY)
    elif row.action == MODIFY and not flow.modify_by_cancel and "modifies" not in flow.without:
        yield Order(CommandKind.REPLACE, row.order_id, side, price, row.size)


def _clear(book: RecordedBook, flow: ReplayFlow) -> Iterator[Order]:
    """A cancel for each order of the recorded book: the venue dropped them all."""
    if "cancels" not in flow.without:
        for order_id, order in book.orders.items():
            yield Order(CommandKind.CANCEL, order_id, _SIDE[order.side])


def _as_commands(orders: list[Order]) -> Commands:
    commands = empty_commands(len(orders))
    kind, order_id, side, price, qty, tif = zip(*orders, strict=True)
    commands["kind"], commands["side"], commands["price"], commands["qty"], commands["tif"] = (
        kind,
        side,
        price,
        qty,
        tif,
    )
    commands["order"] = np.array(order_id, np.uint64)
    commands["target"] = np.where(commands["kind"] == CommandKind.NEW, 0, commands["order"])
    commands["type"] = np.where(commands["kind"] == CommandKind.NEW, OrderType.LIMIT, OrderType.NONE)
    commands["instrument"] = INSTRUMENT
    commands["account"] = commands["side"] + 1
    commands["session"] = 1
    return commands


def _told(day: Day) -> dict[str, str]:
    """The figures of the rebuilt day, and what to expect of the drive."""
    rebuilt = day.rebuilt
    unsided = sum(row.action == TRADE and not _has_aggressor(row) for row in day.rows[rebuilt.open_row :])
    return {
        "records": f"{len(day.rows):,}",
        "rebuilt": (
            f"{rebuilt.unknown} cancels or modifies of an unknown order, {rebuilt.duplicates} duplicate adds, "
            f"{rebuilt.over_cancels} over-cancels; {rebuilt.live:,} orders live at the end, {rebuilt.live_max:,} at most"
        ),
        "crossed": (
            f"{rebuilt.crossed_ends:,} of {rebuilt.event_ends:,} event ends, {rebuilt.crossed_after_open} after the open"
        ),
        "traded": f"{rebuilt.contracts:,} lots in {rebuilt.trades:,} trade records",
        "opening book": f"{len(_opening(day).orders):,} orders, sent first",
        "left out": f"cancels and modifies that are the result of a fill, and {unsided} trades without an aggressor's side",
        "expected": "cancels and modifies of orders that traded in this engine and not on the venue are rejected",
    }


FLOW = ReplayFlow
