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

from harness.base.capabilities import Conventions, Instrument, RiskLimits, SelfTradeMode
from harness.base.errors import SetupError

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
# An instrument: columns of `bounds`, one cache line.
PRICE_MIN, PRICE_MAX, QTY_MIN, QTY_MAX, LAST_PRICE, HAS_TRADED, PRICE_STEP, IS_LIMITED = range(8)
# Before the first trade `LAST_PRICE` is the reference price, absent where there is none: what must be a trade asks `HAS_TRADED` too.
# `IS_LIMITED` tells whether the instrument has a price step or a risk limit at all.
# And columns of its `limits`, 0 where there is none. The value takes two words.
ORDER_QTY, ORDER_VALUE_HIGH, ORDER_VALUE_LOW, COLLAR, NAMES_ACCOUNTS = range(5)

# The engine as a whole: entries of `counts`.
(
    EVENTS, MATCHES, LIVE, LIVE_HIGH, FREE_SLOT, USED_SLOTS, PAGES, PAGES_HIGH, FREE_PAGE, USED_PAGES,
    LOGGED, LOG_LIMIT, ID_SHIFT, ID_LIMIT, LOOKUPS, FURTHER_PROBES, STAGE, SELF_TRADE, KEEPS_PLACE, COUNTS_TRADED,
    TAKER_BOOK, TAKER_PRICE, TAKER_LIMIT, TAKER_OPEN, TAKER_TRADED, TAKER_TERMS, TAKER_ID, TAKER_HOME,
    MASS_READ, MASS_KEPT, MASS_TAKEN, WAITING, FIRST_TRIGGERED, LAST_TRIGGERED, BY_QUOTE, BY_TIME, EACH_FILL,
    TAKER_LEAST, COUNTS,
) = range(39)  # fmt: skip

SELF_TRADE_MODES = get_args(SelfTradeMode)
NO_PREVENTION, CANCEL_NEWEST, CANCEL_OLDEST, CANCEL_BOTH, DECREMENT = range(5)

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
"""2**64 divided by the golden ratio: its multiples spread keys evenly over a table (Knuth, TAOCP vol. 3, 6.4)."""
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
    limits: Words
    accounts: Words
    """Open addressing: instrument index and account of each that an instrument names, plus 1; 0 where free."""
    instrument_ids: Words
    instruments: Words
    """Open addressing from instrument id to its index + 1."""
    counts: Amounts


def build(instruments: Sequence[Instrument], conventions: Conventions, capacities: Capacities) -> State:
    """An empty engine.

    Raises:
        SetupError: a capacity is below 1 or above what the arrays can number, or a price step is no step.
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
        bounds=np.array([_bounds_of(one) for one in instruments], np.int64).reshape(-1, 8),
        limits=np.array([_limits_of(one.risk) for one in instruments], np.uint64).reshape(-1, 5),
        accounts=account_table([one.risk.accounts for one in instruments]),
        instrument_ids=keys,
        instruments=table,
        counts=_counts(conventions),
    )


def _bounds_of(one: Instrument) -> tuple[int, ...]:
    is_limited = one.price_step > 1 or one.risk != RiskLimits()
    bounds = (one.price_min, one.price_max, one.qty_min, one.qty_max)
    return (*bounds, one.risk.reference_price, 0, one.price_step, is_limited)


def _limits_of(risk: RiskLimits) -> tuple[int, ...]:
    """No order is larger than 2**63 or worth more than 2**126, so a higher limit is as good as that."""
    value = min(risk.order_value_max, 2**126)
    return (
        min(risk.order_qty_max, 2**63), value >> 64, value & (2**64 - 1), min(risk.collar_ticks, 2**64 - 1),
        len(risk.accounts) > 0,
    )  # fmt: skip


def account_table(named: Sequence[Sequence[int]]) -> Words:
    """The accounts of each instrument in one table at most half full."""
    table = np.zeros(_power_over(2 * sum(map(len, named))), np.uint64)
    for index, accounts in enumerate(named):
        for account in set(accounts):
            key = (index << 32 | account) + 1
            at = ((key * int(GOLDEN)) % 2**64 >> 32) % len(table)
            while table[at]:
                at = (at + 1) % len(table)
            table[at] = key
    return table


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


def _counts(conventions: Conventions) -> Amounts:
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
    return counts


def _power_over(count: int) -> int:
    """The least power of two above the count."""
    return 1 << count.bit_length()
