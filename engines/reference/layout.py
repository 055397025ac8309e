"""All data of the reference engine: one bundle of flat arrays, built empty.

An order is one cache line of 64 bytes, seen through three arrays over the same memory: `words` (ids), `amounts` (prices and
quantities) and `parts` (links and small numbers). Slot, level and page 0 mean "none" everywhere, so that zeroed memory is an empty
engine and no link needs a sign.

A level is a price of one side of one instrument that may hold a queue. Levels come in pages of 64 neighbouring ticks: one word tells
which of them hold orders, and pages exist where there are orders only, so no band of prices is fixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from harness.base.capabilities import Capabilities, Conventions, Instrument, SelfTradeMode
from harness.base.errors import SetupError
from harness.base.records import OrderType

Words: TypeAlias = npt.NDArray[np.uint64]
Amounts: TypeAlias = npt.NDArray[np.int64]
Parts: TypeAlias = npt.NDArray[np.uint32]

PAGE_BITS = 6
PAGE_TICKS = 2**PAGE_BITS

# An order: columns of `words`, of `amounts`, and of `parts` (two to a word).
ID, PRICE, OPEN, TRADED, HOME = 0, 1, 2, 3, 6
NEXT, PREVIOUS, LEVEL, ENTRY, INSTRUMENT, ACCOUNT, BOOK, TERMS = 8, 9, 10, 11, 12, 13, 14, 15
# `HOME` is instrument and account in one word, as commands and events hold them; `ENTRY` its number in the live log.
# `BOOK` is twice the instrument's index plus the side; `TERMS` is type, time in force << 8, flags << 16.
# Waiting stops stand in further books, behind those of all instruments: see `stops`. Until a stop triggers it has traded nothing.
STOP_PRICE = TRADED

# A level: columns of `levels`.
FRONT, BACK = 0, 1
# A page: columns of `page_links`. The pages of a book are a list from the best prices to the worst.
OWNER, BETTER, WORSE = 0, 1, 2
# An instrument: columns of `bounds`.
PRICE_MIN, PRICE_MAX, QTY_MIN, QTY_MAX, LAST_PRICE, HAS_TRADED = range(6)

# The engine as a whole: entries of `counts`.
(
    EVENTS, MATCHES, LIVE, LIVE_HIGH, FREE_SLOT, USED_SLOTS, PAGES, PAGES_HIGH, FREE_PAGE, USED_PAGES,
    LOGGED, LOG_LIMIT, ID_SHIFT, ID_LIMIT, LOOKUPS, FURTHER_PROBES, STAGE, SELF_TRADE, KEEPS_PLACE, COUNTS_TRADED,
    TAKER_BOOK, TAKER_PRICE, TAKER_LIMIT, TAKER_OPEN, TAKER_TRADED, TAKER_TERMS, TAKER_ID, TAKER_HOME,
    MASS_READ, MASS_KEPT, MASS_TAKEN, HIGHEST_TYPE, OFFERS_MIN_QTY, WAITING, FIRST_TRIGGERED, LAST_TRIGGERED,
    BY_QUOTE, BY_TIME, EACH_FILL, TAKER_LEAST, COUNTS,
) = range(41)  # fmt: skip

SELF_TRADE_MODES = get_args(SelfTradeMode)
NO_PREVENTION, CANCEL_NEWEST, CANCEL_OLDEST, CANCEL_BOTH, DECREMENT = range(5)

FIRST_IDS = 2**10
"""The table of ids begins with so many entries and doubles when a quarter is full: a shallow book stays in the nearest cache."""
FIRST_LOG = 2**12


class Capacities(NamedTuple):
    """How much an engine can hold; what goes beyond is refused (EXHAUSTED)."""

    orders: int = 2**20
    """Live orders, of all instruments."""
    pages: int = 2**15
    """Pages of 64 ticks that hold orders, of all instruments and sides."""


class State(NamedTuple):
    """The arrays of one engine."""

    words: Words
    amounts: Amounts
    parts: Parts
    ids: Words
    """Open addressing from order id to slot: 32 bits of the id's hash, 32 bits of slot, 0 where free."""
    log: Parts
    """The slots of orders in the order in which they became live; entries of orders that are gone are passed over."""
    levels: Parts
    ticks: Words
    """One word a page: the ticks that hold orders."""
    page_numbers: Amounts
    page_links: Parts
    page_table: Parts
    """Open addressing from book and page number to page."""
    best_price: Amounts
    best_level: Words
    """A book's best level, 0 where it is empty."""
    hot_number: Amounts
    hot_page: Words
    """A book's page that was asked for last, 0 where there is none."""
    bounds: Amounts
    instrument_ids: Words
    instruments: Words
    """Open addressing from instrument id to its index + 1."""
    counts: Amounts


def build(
    instruments: Sequence[Instrument], conventions: Conventions, capacities: Capacities, offered: Capabilities
) -> State:
    """An empty engine.

    Raises:
        SetupError: a capacity is below 1 or above what the arrays can number.
    """
    if not (0 < capacities.orders < 2**30 and 0 < capacities.pages < 2**25):
        raise SetupError(f"{capacities}: wanted 1 to 2**30 orders and 1 to 2**25 pages")
    orders = np.zeros((capacities.orders + 1, 8), np.uint64)
    books = 4 * len(instruments)
    keys, table = instrument_table([instrument.id for instrument in instruments])
    return State(
        words=orders,
        amounts=orders.view(np.int64),
        parts=orders.view(np.uint32),
        ids=np.zeros(max(FIRST_IDS, _power_over(4 * capacities.orders)), np.uint64),
        log=np.zeros(max(FIRST_LOG, 2 * capacities.orders + 1), np.uint32),
        levels=np.zeros(((capacities.pages + 1) * PAGE_TICKS, 2), np.uint32),
        ticks=np.zeros(capacities.pages + 1, np.uint64),
        page_numbers=np.zeros(capacities.pages + 1, np.int64),
        page_links=np.zeros((capacities.pages + 1, 3), np.uint32),
        page_table=np.zeros(_power_over(2 * capacities.pages), np.uint32),
        best_price=np.zeros(books, np.int64),
        best_level=np.zeros(books, np.uint64),
        hot_number=np.zeros(books, np.int64),
        hot_page=np.zeros(books, np.uint64),
        bounds=np.array(
            [(one.price_min, one.price_max, one.qty_min, one.qty_max, 0, 0) for one in instruments], np.int64
        ).reshape(-1, 6),
        instrument_ids=keys,
        instruments=table,
        counts=_counts(conventions, offered),
    )


def instrument_table(numbers: Sequence[int]) -> tuple[Words, Words]:
    """Keys and indices + 1 of an open-addressed table at most half full; a key's home is its low bits."""
    size = _power_over(2 * len(numbers))
    keys, indices = np.zeros(size, np.uint64), np.zeros(size, np.uint64)
    for index, number in enumerate(numbers):
        at = number % size
        while indices[at]:
            at = (at + 1) % size
        keys[at], indices[at] = number, index + 1
    return keys, indices


def _counts(conventions: Conventions, offered: Capabilities) -> Amounts:
    counts: npt.NDArray[Any] = np.zeros(COUNTS, np.int64)
    counts[LOG_LIMIT] = FIRST_LOG
    counts[ID_SHIFT] = 32 - (FIRST_IDS.bit_length() - 1)
    counts[ID_LIMIT] = FIRST_IDS // 4
    counts[SELF_TRADE] = SELF_TRADE_MODES.index(conventions.self_trade)
    counts[KEEPS_PLACE] = conventions.replace_keeps_place == "quantity_down"
    counts[COUNTS_TRADED] = conventions.replace_quantity == "total"
    counts[BY_QUOTE] = conventions.stop_trigger == "quote"
    counts[BY_TIME] = conventions.stop_order == "time"
    counts[EACH_FILL] = conventions.stop_evaluation == "fill"
    counts[HIGHEST_TYPE] = max(OrderType[name.upper()] for name in offered.types)
    counts[OFFERS_MIN_QTY] = "min_qty" in offered.terms
    return counts


def _power_over(count: int) -> int:
    """The least power of two above the count."""
    return 1 << count.bit_length()
