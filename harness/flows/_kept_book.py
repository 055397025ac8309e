"""A book that a flow keeps of its own orders, so that it knows every trade before it happens and never names an order that is gone.

A level is a side and a price; its orders are a list through their slots, and slot 0 is none.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from harness.base.kernels import compiled
from harness.base.records import Int64Array

MID, BAND = 10_000, 50
"""Where the mid begins, and how far from there it goes."""
DEEPEST = 200
"""How far from the mid an order lies at the most, in ticks."""
BASE = MID - BAND - DEEPEST - 1
TICKS = 2 * (BAND + DEEPEST) + 3
"""The prices of a side, from BASE on; no order stands at the first or the last."""
BUY, SELL = 0, 1
FIRST_SLOTS = 2**12

# An order: columns of `orders`. PLACE is its place in `live`, TRADED whether some of it has traded.
NEXT, PREVIOUS, LEVEL, OPEN, ID, PLACE, TRADED = range(7)
COLUMNS = 8
FRONT, BACK = 0, 1
# Entries of `counts`; FREE is the first of the slots that were given back, which are a list through NEXT. LAST is where the last trade was.
LIVE, USED, FREE, BEST_BID, BEST_ASK, LAST, COUNTS = range(7)


class Book(NamedTuple):
    """The orders of one instrument."""

    orders: Int64Array
    live: Int64Array
    """The slots of the live orders, in no order."""
    levels: Int64Array
    counts: Int64Array


def empty_book() -> Book:
    """A book without orders."""
    counts = np.zeros(COUNTS, np.int64)
    counts[BEST_ASK] = TICKS - 1
    orders, live = np.zeros((FIRST_SLOTS, COLUMNS), np.int64), np.zeros(FIRST_SLOTS, np.int64)
    return Book(orders, live, np.zeros((2 * TICKS, 2), np.int64), counts)


def roomy(book: Book, more: int) -> Book:
    """The same book with slots for so many orders more."""
    while book.counts[USED] + more >= len(book.live):
        book = book._replace(
            orders=np.concatenate([book.orders, np.zeros_like(book.orders)]),
            live=np.concatenate([book.live, np.zeros_like(book.live)]),
        )
    return book


def _is_empty(book: Book, side: Any) -> Any:
    """Whether no order stands on a side."""
    return book.counts[BEST_BID] == 0 if side == BUY else book.counts[BEST_ASK] == TICKS - 1


def _front(book: Book, side: Any) -> Any:
    """The slot of the first order of the best price of a side that has one."""
    best = book.counts[BEST_BID] if side == BUY else book.counts[BEST_ASK]
    return book.levels[side * TICKS + best, FRONT]


def _join(book: Book, side: Any, tick: Any, number: Any, qty: Any) -> Any:
    """Put an order at the back of its price's queue; its slot."""
    counts, slot, level = book.counts, new_slot(book), side * TICKS + tick
    last = book.levels[level, BACK]
    order = book.orders[slot]
    order[ID], order[OPEN], order[LEVEL], order[TRADED], order[PREVIOUS], order[NEXT] = number, qty, level, 0, last, 0
    if last:
        book.orders[last, NEXT] = slot
    else:
        book.levels[level, FRONT] = slot
    book.levels[level, BACK] = slot
    if side == BUY:
        counts[BEST_BID] = max(counts[BEST_BID], tick)
    else:
        counts[BEST_ASK] = min(counts[BEST_ASK], tick)
    return slot


def _trade(book: Book, slot: Any, qty: Any) -> None:
    """Take so much of an order."""
    book.counts[LAST] = book.orders[slot, LEVEL] % TICKS
    book.orders[slot, OPEN] -= qty
    book.orders[slot, TRADED] = 1
    if book.orders[slot, OPEN] == 0:
        remove(book, slot)


def _meet(book: Book, side: Any, tick: Any, qty: Any) -> Any:
    """Trade with the other side as far as a price reaches; the quantity that is left."""
    other = 1 - side
    while qty > 0 and not is_empty(book, other):
        slot = front(book, other)
        beyond = book.orders[slot, LEVEL] % TICKS - tick
        if (beyond if side == BUY else -beyond) > 0:
            break
        traded = min(qty, book.orders[slot, OPEN])
        qty -= traded
        trade(book, slot, traded)
    return qty


def _new_slot(book: Book) -> Any:
    """A slot for one order more, that is live from now on."""
    counts, slot = book.counts, book.counts[FREE]
    if slot:
        counts[FREE] = book.orders[slot, NEXT]
    else:
        counts[USED] += 1
        slot = counts[USED]
    book.live[counts[LIVE]] = slot
    book.orders[slot, PLACE] = counts[LIVE]
    counts[LIVE] += 1
    return slot


def _remove(book: Book, slot: Any) -> None:
    """Take an order out of its level, which may leave the side with another best price."""
    counts, orders, levels = book.counts, book.orders, book.levels
    level, before, after = orders[slot, LEVEL], orders[slot, PREVIOUS], orders[slot, NEXT]
    if before:
        orders[before, NEXT] = after
    else:
        levels[level, FRONT] = after
    if after:
        orders[after, PREVIOUS] = before
    else:
        levels[level, BACK] = before
    while counts[BEST_BID] > 0 and levels[counts[BEST_BID], FRONT] == 0:
        counts[BEST_BID] -= 1
    while counts[BEST_ASK] < TICKS - 1 and levels[TICKS + counts[BEST_ASK], FRONT] == 0:
        counts[BEST_ASK] += 1
    counts[LIVE] -= 1
    moved = book.live[counts[LIVE]]
    book.live[orders[slot, PLACE]] = moved
    orders[moved, PLACE] = orders[slot, PLACE]
    orders[slot, NEXT] = counts[FREE]
    counts[FREE] = slot


new_slot = compiled(_new_slot)
remove = compiled(_remove)
is_empty = compiled(_is_empty)
front = compiled(_front)
join = compiled(_join)
trade = compiled(_trade)
meet = compiled(_meet)
