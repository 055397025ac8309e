"""Price-time matching: what happens to an order from the moment it may meet the book.

The order at hand is called the taker. It stands in `counts` while it is on its way, so that a batch of events that is full can be
handed over in the middle of a sweep, and the sweep goes on with the next.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engines.reference.asked import ACCOUNT_AT, BYTE, DAY, FOK, GTC, LIMIT, MARKET, TIF_AT
from engines.reference.ids import find
from engines.reference.ladder import has_page, is_better, next_level
from engines.reference.layout import (
    ACCOUNT,
    CANCEL_BOTH,
    CANCEL_NEWEST,
    CANCEL_OLDEST,
    EACH_FILL,
    FRONT,
    HAS_TRADED,
    HOME,
    ID,
    LAST_PRICE,
    MATCHES,
    NEXT,
    NO_PREVENTION,
    OPEN,
    SELF_TRADE,
    STAGE,
    TAKER_BOOK,
    TAKER_HOME,
    TAKER_ID,
    TAKER_LEAST,
    TAKER_LIMIT,
    TAKER_OPEN,
    TAKER_PRICE,
    TAKER_TERMS,
    TAKER_TRADED,
    TRADED,
    WAITING,
    State,
    Words,
)
from engines.reference.machine import ONE, ZERO, Number, S, U
from engines.reference.queues import remove, rest
from engines.reference.stops import look_at_stops
from engines.reference.teller import ABSENT, BOTH_SIDES, CANCELED, HOW, MAKER, MATCH, RESTED, TRADE, tell
from harness.base.kernels import compiled
from harness.base.reasons import Reason

NO_REASON = int(Reason.NONE)
SELF_TRADED = int(Reason.SELF_TRADE)
FOK_NOT_FILLABLE = int(Reason.FOK_NOT_FILLABLE)
IOC_REMAINDER = int(Reason.IOC_REMAINDER)
MARKET_REMAINDER = int(Reason.MARKET_REMAINDER)
MIN_QTY_NOT_REACHED = int(Reason.MIN_QTY_NOT_REACHED)
EXHAUSTED = int(Reason.EXHAUSTED)
READY, MATCHING, MASS_CANCELING, CASCADING, FINISHED = range(5)
"""Stages: an order or a command is done with, a taker on its way, a mass cancel on its way, stops to be looked at, none triggers."""
LOWEST, HIGHEST = np.iinfo(np.int64).min, np.iinfo(np.int64).max


def _set_taker(
    state: State, order_id: Number, book: Number, price: Number, open_qty: Number, traded: Number, home: Number, terms: Number
) -> None:  # fmt: skip
    """This order is the taker now. A market order may trade at any price."""
    counts = state.counts
    limit = price
    if terms & BYTE == MARKET:
        limit = HIGHEST if book & ONE == ZERO else LOWEST
    counts[TAKER_ID] = S(order_id)
    counts[TAKER_BOOK] = S(book)
    counts[TAKER_PRICE] = price
    counts[TAKER_LIMIT] = limit
    counts[TAKER_OPEN] = open_qty
    counts[TAKER_TRADED] = traded
    counts[TAKER_HOME] = S(home)
    counts[TAKER_TERMS] = S(terms)
    counts[TAKER_LEAST] = 0
    counts[STAGE] = MATCHING


set_taker = compiled(_set_taker, inner=True)


def _losses(mode: Number, taker_open: Number, maker_open: Number) -> tuple[Any, Any]:
    """What prevention takes from the taker and from the maker."""
    taker_lost = maker_lost = min(taker_open, maker_open)
    if mode == CANCEL_NEWEST:
        taker_lost, maker_lost = taker_open, taker_open - taker_open
    elif mode == CANCEL_OLDEST:
        taker_lost, maker_lost = taker_open - taker_open, maker_open
    elif mode == CANCEL_BOTH:
        taker_lost, maker_lost = taker_open, maker_open
    return taker_lost, maker_lost


losses = compiled(_losses, inner=True)


def _carry_on(state: State, told: Words, at: Number, room: Number, asked: Number) -> Number:  # noqa: C901, PLR0912, PLR0915 - the hot loop; its branches are the rules of a meeting of two orders
    """Match the taker as far as there is room for events, then see to what is left; the number of events."""
    counts = state.counts
    order_id, home, terms = U(counts[TAKER_ID]), U(counts[TAKER_HOME]), U(counts[TAKER_TERMS])
    book, price, limit = U(counts[TAKER_BOOK]), counts[TAKER_PRICE], counts[TAKER_LIMIT]
    open_qty, traded = counts[TAKER_OPEN], counts[TAKER_TRADED]
    side, opposite, account, mode = book & ONE, book ^ ONE, home >> ACCOUNT_AT, counts[SELF_TRADE]
    while open_qty > 0 and at <= room:
        level = state.best_level[opposite]
        best = state.best_price[opposite]
        if level == ZERO or is_better(opposite, limit, best):
            break
        maker = U(state.levels[level, FRONT])
        maker_id, maker_open = state.words[maker, ID], state.amounts[maker, OPEN]
        qty = min(open_qty, maker_open)
        prevented = mode != NO_PREVENTION and account != ZERO and U(state.parts[maker, ACCOUNT]) == account
        taker_lost, maker_lost = qty, qty
        if prevented:
            taker_lost, maker_lost = losses(mode, open_qty, maker_open)
        open_qty -= taker_lost
        maker_open -= maker_lost
        maker_home = state.words[maker, HOME]
        if maker_open == 0:
            remove(state, maker, find(state, maker_id))
        else:
            state.amounts[maker, OPEN] = maker_open
        if prevented:
            if maker_lost > 0:
                tell(
                    told,
                    at,
                    asked,
                    maker_id,
                    best,
                    maker_lost,
                    maker_open,
                    maker_home,
                    opposite & ONE,
                    CANCELED,
                    SELF_TRADED,
                )
                at += ONE
            if taker_lost > 0:
                tell(told, at, asked, order_id, price, taker_lost, open_qty, home, side, CANCELED, SELF_TRADED)
                at += ONE
        else:
            traded += qty
            if maker_open > 0:
                state.amounts[maker, TRADED] += qty
            counts[MATCHES] += 1
            state.bounds[book >> ONE, LAST_PRICE] = best
            state.bounds[book >> ONE, HAS_TRADED] = 1
            tell(told, at, asked, order_id, best, qty, open_qty, home, side, TRADE, NO_REASON)
            told[at, MAKER] = maker_id
            told[at, MATCH] = counts[MATCHES]
            told[at, HOW] = BOTH_SIDES
            at += ONE
            if counts[EACH_FILL] != 0 and counts[WAITING] > 0:
                look_at_stops(state, book >> ONE, book >> ONE)
    if open_qty > 0 and at > room:
        counts[TAKER_OPEN], counts[TAKER_TRADED] = open_qty, traded
    else:
        counts[STAGE] = READY
        if open_qty > 0:
            at = settle(state, told, at, asked, order_id, book, price, open_qty, traded, home, terms)
    return at


def _is_bound_to_rest(terms: Number) -> Number:
    """Whether an order rests if it does not trade: a limit order, for the day or until canceled."""
    tif = (terms >> TIF_AT) & BYTE
    return terms & BYTE == LIMIT and tif in (DAY, GTC)


is_bound_to_rest = compiled(_is_bound_to_rest, inner=True)


def _come_to_rest(
    state: State, told: Words, at: Number, asked: Number, order_id: Number, book: Number, price: Number, open_qty: Number,
    traded: Number, home: Number, terms: Number,
) -> Number:  # fmt: skip
    rest(state, book, order_id, price, open_qty, traded, home, terms)
    tell(told, at, asked, order_id, price, ABSENT, open_qty, home, book & ONE, RESTED, NO_REASON)
    return at + ONE


come_to_rest = compiled(_come_to_rest, inner=True)


def _settle(
    state: State, told: Words, at: Number, asked: Number, order_id: Number, book: Number, price: Number, open_qty: Number,
    traded: Number, home: Number, terms: Number,
) -> Number:  # fmt: skip
    """What is left of a limit order rests, of an IOC or a market order it is canceled."""
    side = book & ONE
    # Room for it was seen to when it was accepted, unless it is a stop that waited since.
    if is_bound_to_rest(terms) and has_page(state, book, price):
        at = come_to_rest(state, told, at, asked, order_id, book, price, open_qty, traded, home, terms)
    else:
        reason = MARKET_REMAINDER if terms & BYTE == MARKET else IOC_REMAINDER
        if is_bound_to_rest(terms):
            reason = EXHAUSTED
        tell(told, at, asked, order_id, price, open_qty, 0, home, side, CANCELED, reason)
        at += ONE
    return at


settle = compiled(_settle, inner=True)
carry_on = compiled(_carry_on, inner=True)


def _is_fillable(state: State, wanted: Number) -> Number:
    """Whether the taker finds a quantity before it would meet an order of its own account.

    Where the resting order is the one that prevention cancels, the walk passes over it.
    """
    counts = state.counts
    opposite, limit = U(counts[TAKER_BOOK]) ^ ONE, counts[TAKER_LIMIT]
    account, mode = U(counts[TAKER_HOME]) >> ACCOUNT_AT, counts[SELF_TRADE]
    prevents = mode != NO_PREVENTION and account != ZERO
    level = state.best_level[opposite]
    while level != ZERO and wanted > 0:
        maker = U(state.levels[level, FRONT])
        if is_better(opposite, limit, state.amounts[maker, 1]):
            break
        while maker != ZERO and wanted > 0:
            if not (prevents and U(state.parts[maker, ACCOUNT]) == account):
                wanted -= state.amounts[maker, OPEN]
            elif mode != CANCEL_OLDEST:
                return False
            maker = U(state.parts[maker, NEXT])
        level = next_level(state, opposite, level)
    return wanted <= 0


is_fillable = compiled(_is_fillable)


def _cancel_unfillable(state: State, told: Words, at: Number, asked: Number) -> Number:
    """Cancel a taker that cannot trade what it must, all or at least so much; the number of events."""
    counts = state.counts
    wanted, reason = counts[TAKER_LEAST], MIN_QTY_NOT_REACHED
    if (U(counts[TAKER_TERMS]) >> TIF_AT) & BYTE == FOK:
        wanted, reason = counts[TAKER_OPEN], FOK_NOT_FILLABLE
    if wanted > 0 and not is_fillable(state, wanted):
        order_id, home = U(counts[TAKER_ID]), U(counts[TAKER_HOME])
        side = U(counts[TAKER_BOOK]) & ONE
        price, qty = counts[TAKER_PRICE], counts[TAKER_OPEN]
        tell(told, at, asked, order_id, price, qty, 0, home, side, CANCELED, reason)
        at += ONE
        counts[STAGE] = READY
    return at


cancel_unfillable = compiled(_cancel_unfillable, inner=True)
