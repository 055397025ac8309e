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
    FOK,
    GTC,
    HOME,
    LIMIT,
    LOW,
    MIN_QTY,
    ORDER,
    PRICE,
    QTY,
    SIDE_AT,
    STOP,
    STOP_LIMIT,
    STOPS,
    TARGET,
    TIF_AT,
    WHAT,
    Asked,
)
from engines.reference.ids import find
from engines.reference.ladder import has_page, is_better
from engines.reference.layout import (
    ACCOUNT,
    BOOK,
    COUNTS_TRADED,
    INSTRUMENT,
    IS_LIMITED,
    LIVE,
    PRICE_MAX,
    PRICE_MIN,
    PRICE_STEP,
    QTY_MAX,
    QTY_MIN,
    TERMS,
    TRADED,
    State,
)
from engines.reference.machine import ONE, ZERO, Number, U
from engines.reference.risk import is_stranger, risk_of
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
UNKNOWN_ACCOUNT = int(Reason.UNKNOWN_ACCOUNT)
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


book_of = compiled(_book_of, inner=True)


def _stop_book(state: State, book: Number) -> Number:
    """Where the stops of a side wait. Buy stops trigger from the lowest on, as sell orders trade, so the sides change places."""
    return U(2) * U(state.bounds.shape[0]) + (book ^ ONE)


def _is_waiting(state: State, book: Number) -> Number:
    """Whether the orders of a book are waiting stops."""
    return book >= U(2) * U(state.bounds.shape[0])


stop_book = compiled(_stop_book, inner=True)
is_waiting = compiled(_is_waiting, inner=True)


def _side_of(state: State, book: Number) -> Number:
    """The side of a book's orders."""
    return (book & ONE) ^ U(is_waiting(state, book))


side_of = compiled(_side_of, inner=True)


def _is_offered(asked: Asked, at: Number, terms: Number) -> Number:
    """Type, time in force and flags are known, a stop price stands with a stop only, and no quantity is hidden."""
    amounts = asked.amounts
    known = (terms & BYTE) - ONE < U(4) and ((terms >> TIF_AT) & BYTE) - ONE < U(4) and (terms >> FLAGS_AT) <= POST_ONLY
    stop = terms & BYTE >= STOPS or amounts[at, STOP] == ABSENT
    return known and stop and amounts[at, DISPLAY] == ABSENT


is_offered = compiled(_is_offered, inner=True)


def _would_trade(state: State, book: Number, price: Number) -> Number:
    """Whether the best opposite price is at or through the price of an order of this book."""
    opposite = book ^ ONE
    return state.best_level[opposite] != ZERO and not is_better(opposite, price, state.best_price[opposite])


would_trade = compiled(_would_trade, inner=True)


def _is_off_price(state: State, index: Number, price: Number) -> Number:
    """Whether a price is outside the bounds of the instrument or no multiple of its step; an absent one is below all bounds."""
    bounds = state.bounds
    outside = price < bounds[index, PRICE_MIN] or price > bounds[index, PRICE_MAX]
    return outside or (bounds[index, IS_LIMITED] != 0 and price % bounds[index, PRICE_STEP] != 0)


is_off_price = compiled(_is_off_price, inner=True)


def _refusal_of_new(state: State, asked: Asked, at: Number, book: Number, terms: Number) -> Number:  # noqa: C901 - one branch a rule, in the order of the rules
    words, amounts = asked.words, asked.amounts
    side = words[at, WHAT] >> SIDE_AT
    kind, tif = terms & BYTE, (terms >> TIF_AT) & BYTE
    post_only = terms >> FLAGS_AT != ZERO
    price, qty, stop, least = amounts[at, PRICE], amounts[at, QTY], amounts[at, STOP], amounts[at, MIN_QTY]
    has_least, is_stop, has_limit = least != ABSENT, kind >= STOPS, kind in (LIMIT, STOP_LIMIT)
    index = (book - side) >> ONE
    rests = kind == LIMIT and tif in (DAY, GTC)
    reason = NO_REASON
    if not is_offered(asked, at, terms):
        reason = UNSUPPORTED
    elif index >= U(state.bounds.shape[0]):
        reason = UNKNOWN_INSTRUMENT
    elif state.bounds[index, IS_LIMITED] != 0 and is_stranger(state, index, words[at, HOME] >> ACCOUNT_AT):
        reason = UNKNOWN_ACCOUNT
    elif words[at, ORDER] == ZERO:
        reason = INVALID_ORDER_ID
    elif side > ONE:
        reason = INVALID_SIDE
    elif (
        qty < state.bounds[index, QTY_MIN]
        or qty > state.bounds[index, QTY_MAX]
        or (has_least and (least < 1 or least > qty))
    ):
        reason = INVALID_QUANTITY
    elif (has_limit and is_off_price(state, index, price)) or (
        is_stop and (stop < state.bounds[index, PRICE_MIN] or stop > state.bounds[index, PRICE_MAX])
    ):
        reason = INVALID_PRICE
    elif (post_only and not rests) or (has_least and (post_only or is_stop or tif == FOK)):
        reason = INVALID_TERMS
    elif state.ids[find(state, words[at, ORDER])] != ZERO:
        reason = DUPLICATE_ORDER_ID
    elif state.bounds[index, IS_LIMITED] != 0 and risk_of(state, index, kind, price, stop, qty) != NO_REASON:
        reason = risk_of(state, index, kind, price, stop, qty)
    elif post_only and would_trade(state, book, price):
        reason = POST_ONLY_WOULD_TRADE
    elif (
        ((rests or is_stop) and state.counts[LIVE] >= state.parts.shape[0] - 1)
        or (rests and not has_page(state, book, price))
        or (is_stop and not has_page(state, stop_book(state, book), stop))
    ):
        reason = EXHAUSTED
    return reason


refusal_of_new = compiled(_refusal_of_new, inner=True)


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


refusal_of_cancel = compiled(_refusal_of_cancel, inner=True)


def _refusal_of_replace(state: State, asked: Asked, at: Number, slot: Number) -> Number:  # noqa: C901 - one branch a rule, in the order of the rules
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
    elif is_waiting(state, book):
        reason = UNSUPPORTED
    elif order == ZERO:
        reason = INVALID_ORDER_ID
    elif order != words[at, TARGET] and state.ids[find(state, order)] != ZERO:
        reason = DUPLICATE_ORDER_ID
    elif qty < state.bounds[index, QTY_MIN] or qty > state.bounds[index, QTY_MAX]:
        reason = INVALID_QUANTITY
    elif is_off_price(state, index, price):
        reason = INVALID_PRICE
    elif state.counts[COUNTS_TRADED] != 0 and qty <= state.amounts[slot, TRADED]:
        reason = INVALID_QUANTITY
    elif state.bounds[index, IS_LIMITED] != 0 and risk_of(state, index, LIMIT, price, ABSENT, qty) != NO_REASON:
        reason = risk_of(state, index, LIMIT, price, ABSENT, qty)
    elif state.parts[slot, TERMS] >> FLAGS_AT != ZERO and would_trade(state, book, price):
        reason = POST_ONLY_WOULD_TRADE
    elif not has_page(state, book, price):
        reason = EXHAUSTED
    return reason


refusal_of_replace = compiled(_refusal_of_replace, inner=True)
