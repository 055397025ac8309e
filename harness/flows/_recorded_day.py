"""A recording made ready to be driven: read by its form, rebuilt, its opening book found, and its figures in words."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from harness.base.capabilities import Instrument
from harness.base.errors import SetupError
from harness.base.records import NONE, Side
from harness.flows._rebuild import TRADED, Rebuilt, RecordedBook, rebuild
from harness.wire import recording_bitfinex, recording_csv
from harness.wire.recording import UNIT_1E9, Action, Recording, Row
from harness.wire.recording_map import read_map

Form: TypeAlias = Literal["mbo", "bitfinex", "map"]
"""What lies at a path: market-by-order CSV, a dump of Bitfinex's raw book, or the column map of a file of one's own."""
INSTRUMENT = 1


class Day(NamedTuple):
    """A recording, read and rebuilt."""

    recording: Recording
    rebuilt: Rebuilt
    instrument: Instrument


@lru_cache(maxsize=4)
def load(path: Path, form: Form) -> Day:
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
        np.isin(records["action"], (Action.ADD, Action.MODIFY, *TRADED)) & (records["price"] != NONE)
    ]
    instrument = Instrument(
        id=INSTRUMENT, symbol=recording.symbol, tick_1e9=recording.tick_1e9, lot_1e9=recording.lot_1e9,
        price_min=min(int(priced.min()), 1), price_max=int(priced.max()), qty_max=int(records["size"].max()),
    )  # fmt: skip
    rebuilt = rebuild(recording)
    if rebuilt.open_row == len(records):
        raise SetupError(
            f"{path} has nothing to drive behind its open, which is the end of the first event, from the first trade on where there is one, that leaves "
            "the book uncrossed"
        )
    return Day(recording, rebuilt, instrument)


def _read(path: Path, form: Form) -> Recording:
    if form == "bitfinex":
        return recording_bitfinex.read(path)
    if form == "mbo":
        return recording_csv.read(path)
    told = read_map(path)
    return recording_csv.read(path.parent / told.file, told, told.symbol)


def opening(day: Day) -> RecordedBook:
    """The book when trading opened."""
    book = RecordedBook()
    for row in day.recording.rows(end=day.rebuilt.open_row):
        book.apply(row)
    return book


def has_aggressor(row: Row) -> bool:
    """Whether a trade can be sent as an order; an auction's cannot, it has no aggressor."""
    return row.side != Side.NONE and row.price != NONE and row.size > 0


def figures(day: Day) -> dict[str, str]:
    """The figures of the rebuilt recording, and what to expect of the drive."""
    recording, rebuilt, _ = day
    book = rebuilt.end
    unsided = sum(row.action == Action.TRADE and not has_aggressor(row) for row in recording.rows(rebuilt.open_row))
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
        "opening book": f"{len(opening(day).orders):,} orders, sent first",
        "left out": f"cancels and modifies that are the result of a fill, and {unsided} trades without an aggressor's side",
        "expected": "cancels and modifies of orders that traded in this engine and not on the venue are rejected",
    }
    return told if recording.timed else {**told, "times": "none are recorded, so it cannot be paced by them"}
