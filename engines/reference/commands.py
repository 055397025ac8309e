"""New order, cancel and replace: what each does once it is not refused."""

from __future__ import annotations

from engines.reference.asked import (
    ABSENT,
    BYTE,
    HOME,
    LIMIT,
    MIN_QTY,
    ORDER,
    PRICE,
    QTY,
    SIDE_AT,
    STOP_LIMIT,
    STOPS,
    TARGET,
    WHAT,
    Asked,
    terms_of,
)
from engines.reference.checks import (
    NO_REASON,
    book_of,
    is_waiting,
    refusal_of_cancel,
    refusal_of_new,
    refusal_of_replace,
    side_of,
    stop_book,
    would_trade,
)
from engines.reference.ids import SLOT, find, put, take_out
from engines.reference.layout import (
    BOOK,
    COUNTS_TRADED,
    ID,
    KEEPS_PLACE,
    OPEN,
    TAKER_LEAST,
    TERMS,
    TRADED,
    WAITING,
    State,
    Words,
)
from engines.reference.layout import HOME as ORDER_HOME
from engines.reference.layout import PRICE as ORDER_PRICE
from engines.reference.machine import ONE, Number, S, U
from engines.reference.matching import (
    cancel_unfillable,
    come_to_rest,
    is_bound_to_rest,
    set_taker,
)
from engines.reference.queues import enter_log, remove
from engines.reference.stops import await_price
from engines.reference.teller import (
    ACCEPTED,
    CANCEL_REJECTED,
    CANCELED,
    NEW_ORDER,
    REJECTED,
    REPLACE_REJECTED,
    REPLACED,
    tell,
)
from harness.base.kernels import compiled
from harness.base.reasons import Reason

USER = int(Reason.USER)


def _refuse(told: Words, at: Number, asked: Asked, row: Number, answered: Number, order: Number, kind: Number, reason: Number) -> Number:  # fmt: skip
    """A refusal echoes what the command said."""
    words, amounts = asked.words, asked.amounts
    side = words[row, WHAT] >> SIDE_AT
    tell(
        told, at, answered, order, amounts[row, PRICE], amounts[row, QTY], ABSENT, words[row, HOME], side, kind, reason
    )
    return at + ONE


refuse = compiled(_refuse, inner=True)


def _on_new(state: State, asked: Asked, row: Number, told: Words, at: Number, answered: Number) -> Number:
    words, amounts = asked.words, asked.amounts
    home, order = words[row, HOME], words[row, ORDER]
    side = words[row, WHAT] >> SIDE_AT
    terms, book = terms_of(asked, row), book_of(state, home, side)
    reason = refusal_of_new(state, asked, row, book, terms)
    if reason != NO_REASON:
        return refuse(told, at, asked, row, answered, order, REJECTED, reason)
    price = amounts[row, PRICE] if terms & BYTE in (LIMIT, STOP_LIMIT) else ABSENT
    qty, least = amounts[row, QTY], amounts[row, MIN_QTY]
    tell(told, at, answered, order, price, qty, qty, home, side, ACCEPTED, NO_REASON)
    if terms & BYTE >= STOPS:
        await_price(state, asked, row, stop_book(state, book), order, home, terms)
        return at + ONE
    if least == ABSENT and is_bound_to_rest(terms) and not would_trade(state, book, price):
        # The way of most orders: nothing has to be kept for a sweep that cannot come.
        return come_to_rest(state, told, at + ONE, answered, order, book, price, qty, 0, home, terms)
    set_taker(state, order, book, price, qty, 0, home, terms)
    if least != ABSENT:
        state.counts[TAKER_LEAST] = least
    return cancel_unfillable(state, told, at + ONE, answered)


on_new = compiled(_on_new, inner=True)


def _on_cancel(state: State, asked: Asked, row: Number, told: Words, at: Number, answered: Number) -> Number:
    """Take all that is open, or as much of it as the command says."""
    target = asked.words[row, TARGET]
    place = find(state, target)
    slot = state.ids[place] & SLOT
    reason = refusal_of_cancel(state, asked, row, slot)
    if reason != NO_REASON:
        return refuse(told, at, asked, row, answered, target, CANCEL_REJECTED, reason)
    qty, open_qty = asked.amounts[row, QTY], state.amounts[slot, OPEN]
    if qty == ABSENT or qty > open_qty:
        qty = open_qty
    price, home, book = state.amounts[slot, ORDER_PRICE], state.words[slot, ORDER_HOME], U(state.parts[slot, BOOK])
    side = side_of(state, book)
    if qty == open_qty:
        remove(state, slot, place)
        state.counts[WAITING] -= S(is_waiting(state, book))
    else:
        state.amounts[slot, OPEN] = open_qty - qty
    tell(told, at, answered, target, price, qty, open_qty - qty, home, side, CANCELED, USER)
    return at + ONE


on_cancel = compiled(_on_cancel, inner=True)


def _on_replace(state: State, asked: Asked, row: Number, told: Words, at: Number, answered: Number) -> Number:
    """Give the order its new id, price and quantity; where it loses its place, it is the taker next."""
    target, order = asked.words[row, TARGET], asked.words[row, ORDER]
    place = find(state, target)
    slot = state.ids[place] & SLOT
    reason = refusal_of_replace(state, asked, row, slot)
    if reason != NO_REASON:
        at = refuse(told, at, asked, row, answered, target, REPLACE_REJECTED, reason)
        told[at - ONE, NEW_ORDER] = order
        return at
    price, open_qty, traded = asked.amounts[row, PRICE], asked.amounts[row, QTY], state.amounts[slot, TRADED]
    if state.counts[COUNTS_TRADED] != 0:
        open_qty -= traded
    home, book, terms = state.words[slot, ORDER_HOME], U(state.parts[slot, BOOK]), U(state.parts[slot, TERMS])
    lowers = price == state.amounts[slot, ORDER_PRICE] and open_qty < state.amounts[slot, OPEN]
    if lowers and state.counts[KEEPS_PLACE] != 0:
        take_out(state, place)
        put(state, find(state, order), order, slot)
        state.words[slot, ID] = order
        state.amounts[slot, OPEN] = open_qty
        enter_log(state, slot)
    else:
        remove(state, slot, place)
        set_taker(state, order, book, price, open_qty, traded, home, terms)
    tell(told, at, answered, target, price, open_qty, open_qty, home, book & ONE, REPLACED, NO_REASON)
    told[at, NEW_ORDER] = order
    return at + ONE


on_replace = compiled(_on_replace, inner=True)
