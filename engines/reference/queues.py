"""Orders come to the book and leave it: their slot, their place in the queue of a level, their entry in ids and live log."""

from __future__ import annotations

from engines.reference.ids import find, grow, put, take_out
from engines.reference.ladder import BITS, TICK, add_page, empty_level, is_better, page_of
from engines.reference.layout import (
    BACK,
    BOOK,
    ENTRY,
    FREE_SLOT,
    FRONT,
    HOME,
    ID,
    ID_LIMIT,
    LEVEL,
    LIVE,
    LIVE_HIGH,
    LOG_LIMIT,
    LOGGED,
    NEXT,
    OPEN,
    PAGE_BITS,
    PREVIOUS,
    PRICE,
    TERMS,
    TRADED,
    USED_SLOTS,
    State,
)
from engines.reference.machine import ONE, ZERO, Number, S, U
from harness.base.kernels import compiled


def _join(state: State, book: Number, price: Number, slot: Number) -> None:
    """Put an order at the back of its price's queue."""
    number = price >> PAGE_BITS
    page = page_of(state, book, number)
    if page == ZERO:
        page = add_page(state, book, number)
    tick = U(price & TICK)
    level = (page << BITS) | tick
    back = U(state.levels[level, BACK])
    state.levels[level, BACK] = slot
    state.parts[slot, NEXT] = ZERO
    state.parts[slot, PREVIOUS] = back
    state.parts[slot, LEVEL] = level
    if back != ZERO:
        state.parts[back, NEXT] = slot
    else:
        state.levels[level, FRONT] = slot
        state.ticks[page] |= ONE << tick
        if state.best_level[book] == ZERO or is_better(book, price, state.best_price[book]):
            state.best_level[book] = level
            state.best_price[book] = price


join = compiled(_join, inner=True)


def _leave(state: State, slot: Number) -> None:
    """Take an order out of its queue; those behind move up."""
    level = U(state.parts[slot, LEVEL])
    after, before = U(state.parts[slot, NEXT]), U(state.parts[slot, PREVIOUS])
    if before != ZERO:
        state.parts[before, NEXT] = after
    else:
        state.levels[level, FRONT] = after
    if after != ZERO:
        state.parts[after, PREVIOUS] = before
    else:
        state.levels[level, BACK] = before
        if before == ZERO:
            empty_level(state, U(state.parts[slot, BOOK]), level)


leave = compiled(_leave, inner=True)


def _new_slot(
    state: State, book: Number, order_id: Number, price: Number, open_qty: Number, traded: Number, home: Number, terms: Number
) -> Number:  # fmt: skip
    """The slot of a new live order that stands in no queue yet. There must be a free one."""
    counts = state.counts
    slot = U(counts[FREE_SLOT])
    if slot != ZERO:
        counts[FREE_SLOT] = state.parts[slot, NEXT]
    else:
        counts[USED_SLOTS] += 1
        slot = U(counts[USED_SLOTS])
    counts[LIVE] += 1
    counts[LIVE_HIGH] = max(counts[LIVE_HIGH], counts[LIVE])
    state.words[slot, ID] = order_id
    state.amounts[slot, PRICE] = price
    state.amounts[slot, OPEN] = open_qty
    state.amounts[slot, TRADED] = traded
    state.words[slot, HOME] = home
    state.parts[slot, BOOK] = book
    state.parts[slot, TERMS] = terms
    # A table that grows takes in all that are live, this order too.
    if counts[LIVE] > counts[ID_LIMIT]:
        grow(state)
    else:
        put(state, find(state, order_id), order_id, slot)
    enter_log(state, slot)
    return slot


def _enter_log(state: State, slot: Number) -> None:
    """The order is the last that became live."""
    counts = state.counts
    # An entry that its slot had before must not pass for this one's while the log is shortened.
    state.parts[slot, ENTRY] = U(counts[LOGGED])
    if counts[LOGGED] >= counts[LOG_LIMIT]:
        shorten_log(state)
    entry = U(counts[LOGGED])
    state.log[entry] = slot
    state.parts[slot, ENTRY] = entry
    counts[LOGGED] = S(entry) + 1


def _shorten_log(state: State) -> None:
    """Pass over the entries of what is gone. The log then has room for as many entries again as are live, and more."""
    counts = state.counts
    kept = ZERO
    read = ZERO
    while read < U(counts[LOGGED]):
        slot = U(state.log[read])
        if state.amounts[slot, OPEN] > 0 and U(state.parts[slot, ENTRY]) == read:
            state.log[kept] = slot
            state.parts[slot, ENTRY] = kept
            kept += ONE
        read += ONE
    counts[LOGGED] = kept
    counts[LOG_LIMIT] = min(max(counts[LOG_LIMIT], 4 * S(kept)), state.log.shape[0])


shorten_log = compiled(_shorten_log)
enter_log = compiled(_enter_log, inner=True)
new_slot = compiled(_new_slot, inner=True)


def _rest(
    state: State, book: Number, order_id: Number, price: Number, open_qty: Number, traded: Number, home: Number, terms: Number
) -> None:  # fmt: skip
    """A new live order at the back of its queue. There must be a free slot, and a free page if its price needs one."""
    join(state, book, price, new_slot(state, book, order_id, price, open_qty, traded, home, terms))


rest = compiled(_rest, inner=True)


def _free(state: State, slot: Number, at: Number) -> None:
    """An order that stands in no queue is live no more; `at` is its place in the table of ids."""
    take_out(state, at)
    state.amounts[slot, OPEN] = 0
    state.parts[slot, NEXT] = state.counts[FREE_SLOT]
    state.counts[FREE_SLOT] = slot
    state.counts[LIVE] -= 1


def _remove(state: State, slot: Number, at: Number) -> None:
    """An order leaves its queue and is live no more."""
    leave(state, slot)
    free(state, slot, at)


free = compiled(_free, inner=True)
remove = compiled(_remove, inner=True)
