"""The checks before the book: each command's reason to be refused, 0 where there is none.

The order is that of `docs/matching-rules.md`; whether there is room comes last, so that an engine that is full gives the same reasons
as one that is not.
"""

from __future__ import annotations

from engines.reference.asked import (
    ABSENT,
    ACCOUNT_AT,
    BYTE,
    DAY,
    DISPLAY,
    FLAGS_AT,
    GTC,
    HOME,
    LOW,
    MARKET,
    MIN_QTY,
    ORDER,
    PRICE,
    QTY,
    SIDE_AT,
    STOP,
    TARGET,
    TIF_AT,
    WHAT,
    Asked,
)
from engines.reference.ids import find
from engines.reference.ladder import is_better, page_of
from engines.reference.layout import (
    ACCOUNT,
    BOOK,
    COUNTS_TRADED,
    INSTRUMENT,
    LIVE,
    PAGE_BITS,
    PAGES,
    PRICE_MAX,
    PRICE_MIN,
    QTY_MAX,
    QTY_MIN,
    TERMS,
    TRADED,
    State,
)
from engines.reference.machine import ONE, ZERO, Number, U
from harness.base.kernels import compiled
from harness.base.reasons import Reason
from harness.base.records import Flag

NO_REASON = int(Reason.NONE)
UNSUPPORTED = int(Reason.UNSUPPORTED)
UNKNOWN_INSTRUMENT = int(Reason.UNKNOWN_INSTRUMENT)
INVALID_ORDER_ID = int(Reason.INVALID_ORDER_ID)
INVALID_SIDE = int(Reason.INVALID_SIDE)
INVALID_QUANTITY = int(Reason.INVALID_QUANTITY)
INVALID_PRICE = int(Reason.INVALID_PRICE)
INVALID_TERMS = int(Reason.INVALID_TERMS)
DUPLICATE_ORDER_ID = int(Reason.DUPLICATE_ORDER_ID)
POST_ONLY_WOULD_TRADE = int(Reason.POST_ONLY_WOULD_TRADE)
UNKNOWN_ORDER = int(Reason.UNKNOWN_ORDER)
NOT_OWNER = int(Reason.NOT_OWNER)
EXHAUSTED = int(Reason.EXHAUSTED)
POST_ONLY = U(int(Flag.POST_ONLY))


def _book_of(state: State, home: Number, side: Number) -> Number:
    """The book of an instrument's side; 2 or more below the number of all books where the instrument is not known."""
    instrument = home & LOW
    mask = U(state.instruments.shape[0] - 1)
    at = instrument & mask
    while state.instruments[at] != ZERO and state.instrument_ids[at] != instrument:
        at = (at + ONE) & mask
    return state.instruments[at] * U(2) + side - U(2)


book_of = compiled(_book_of, inline=True)


def _is_offered(asked: Asked, at: Number, terms: Number) -> Number:
    """Type, time in force and flags are known, and nothing further is asked."""
    amounts = asked.amounts
    known = (terms & BYTE) - ONE < U(2) and ((terms >> TIF_AT) & BYTE) - ONE < U(4) and (terms >> FLAGS_AT) <= POST_ONLY
    bare = amounts[at, STOP] == ABSENT and amounts[at, MIN_QTY] == ABSENT and amounts[at, DISPLAY] == ABSENT
    return known and bare


is_offered = compiled(_is_offered, inline=True)


def _would_trade(state: State, book: Number, price: Number) -> Number:
    """Whether the best opposite price is at or through the price of an order of this book."""
    opposite = book ^ ONE
    return state.best_level[opposite] != ZERO and not is_better(opposite, price, state.best_price[opposite])


would_trade = compiled(_would_trade, inline=True)


def _has_page(state: State, book: Number, price: Number) -> Number:
    """Whether there is a page for the price, or one can be made."""
    return state.counts[PAGES] < state.ticks.shape[0] - 1 or page_of(state, book, price >> PAGE_BITS) != ZERO


has_page = compiled(_has_page, inline=True)


def _refusal_of_new(state: State, asked: Asked, at: Number, book: Number, terms: Number) -> Number:  # noqa: C901 - one branch a rule, in the order of the rules
    words, amounts = asked.words, asked.amounts
    side = words[at, WHAT] >> SIDE_AT
    kind, tif = terms & BYTE, (terms >> TIF_AT) & BYTE
    post_only = terms >> FLAGS_AT != ZERO
    price, qty = amounts[at, PRICE], amounts[at, QTY]
    index = (book - side) >> ONE
    rests = kind != MARKET and tif in (DAY, GTC)
    reason = NO_REASON
    if not is_offered(asked, at, terms):
        reason = UNSUPPORTED
    elif index >= U(state.bounds.shape[0]):
        reason = UNKNOWN_INSTRUMENT
    elif words[at, ORDER] == ZERO:
        reason = INVALID_ORDER_ID
    elif side > ONE:
        reason = INVALID_SIDE
    elif qty < state.bounds[index, QTY_MIN] or qty > state.bounds[index, QTY_MAX]:
        reason = INVALID_QUANTITY
    elif kind != MARKET and (price < state.bounds[index, PRICE_MIN] or price > state.bounds[index, PRICE_MAX]):
        reason = INVALID_PRICE
    elif post_only and not rests:
        reason = INVALID_TERMS
    elif state.ids[find(state, words[at, ORDER])] != ZERO:
        reason = DUPLICATE_ORDER_ID
    elif post_only and would_trade(state, book, price):
        reason = POST_ONLY_WOULD_TRADE
    elif rests and (state.counts[LIVE] >= state.parts.shape[0] - 1 or not has_page(state, book, price)):
        reason = EXHAUSTED
    return reason


refusal_of_new = compiled(_refusal_of_new, inline=True)


def _refusal_of_cancel(state: State, asked: Asked, at: Number, slot: Number) -> Number:
    """`slot` is that of the live order with the target's id, 0 where there is none."""
    home = asked.words[at, HOME]
    qty = asked.amounts[at, QTY]
    reason = NO_REASON
    if slot == ZERO or U(state.parts[slot, INSTRUMENT]) != home & LOW:
        reason = UNKNOWN_ORDER
    elif U(state.parts[slot, ACCOUNT]) != home >> ACCOUNT_AT:
        reason = NOT_OWNER
    elif qty != ABSENT and qty < 1:
        reason = INVALID_QUANTITY
    return reason


refusal_of_cancel = compiled(_refusal_of_cancel, inline=True)


def _refusal_of_replace(state: State, asked: Asked, at: Number, slot: Number) -> Number:
    """`slot` as for a cancel."""
    words = asked.words
    home, order = words[at, HOME], words[at, ORDER]
    price, qty = asked.amounts[at, PRICE], asked.amounts[at, QTY]
    book = U(state.parts[slot, BOOK])
    index = book >> ONE
    reason = NO_REASON
    if slot == ZERO or U(state.parts[slot, INSTRUMENT]) != home & LOW:
        reason = UNKNOWN_ORDER
    elif U(state.parts[slot, ACCOUNT]) != home >> ACCOUNT_AT:
        reason = NOT_OWNER
    elif order == ZERO:
        reason = INVALID_ORDER_ID
    elif order != words[at, TARGET] and state.ids[find(state, order)] != ZERO:
        reason = DUPLICATE_ORDER_ID
    elif qty < state.bounds[index, QTY_MIN] or qty > state.bounds[index, QTY_MAX]:
        reason = INVALID_QUANTITY
    elif price < state.bounds[index, PRICE_MIN] or price > state.bounds[index, PRICE_MAX]:
        reason = INVALID_PRICE
    elif state.counts[COUNTS_TRADED] != 0 and qty <= state.amounts[slot, TRADED]:
        reason = INVALID_QUANTITY
    elif state.parts[slot, TERMS] >> FLAGS_AT != ZERO and would_trade(state, book, price):
        reason = POST_ONLY_WOULD_TRADE
    elif not has_page(state, book, price):
        reason = EXHAUSTED
    return reason


refusal_of_replace = compiled(_refusal_of_replace, inline=True)
