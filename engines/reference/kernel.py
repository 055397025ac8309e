"""The one hot loop: a batch of commands in, their events out."""

from __future__ import annotations

from typing import Any

from engines.reference.asked import (
    ABSENT,
    ACCOUNT_AT,
    BYTE,
    CANCEL,
    HOME,
    KIND_AT,
    LOW,
    MARKET,
    MASS_CANCEL,
    NEW,
    NUMBER,
    ORDER,
    PRICE,
    QTY,
    REPLACE,
    SIDE_AT,
    TARGET,
    WHAT,
    Asked,
    terms_of,
)
from engines.reference.checks import (
    NO_REASON,
    UNSUPPORTED,
    book_of,
    refusal_of_cancel,
    refusal_of_new,
    refusal_of_replace,
    would_trade,
)
from engines.reference.ids import SLOT, find, put, take_out
from engines.reference.layout import (
    BOOK,
    COUNTS_TRADED,
    ENTRY,
    EVENTS,
    ID,
    KEEPS_PLACE,
    LOGGED,
    MASS_KEPT,
    MASS_READ,
    MASS_TAKEN,
    OPEN,
    STAGE,
    TERMS,
    TRADED,
    State,
    Words,
)
from engines.reference.layout import HOME as ORDER_HOME
from engines.reference.layout import PRICE as ORDER_PRICE
from engines.reference.machine import ONE, ZERO, Number, S, U
from engines.reference.matching import (
    MASS_CANCELING,
    MATCHING,
    READY,
    cancel_unfillable,
    carry_on,
    come_to_rest,
    is_bound_to_rest,
    set_taker,
)
from engines.reference.queues import enter_log, remove
from engines.reference.teller import (
    ACCEPTED,
    CANCEL_REJECTED,
    CANCELED,
    DONE,
    NEW_ORDER,
    REJECTED,
    REPLACE_REJECTED,
    REPLACED,
    tell,
)
from harness.base.kernels import compiled
from harness.base.reasons import Reason
from harness.base.records import Side

USER = int(Reason.USER)
MASS_CANCELED = int(Reason.MASS_CANCEL)
ANY_SIDE = U(int(Side.NONE))
SPARE = 4
"""Rows that must be free before a step: no step tells more than two events, nor a taker's end more than two."""


def _refuse(told: Words, at: Number, asked: Asked, row: Number, answered: Number, order: Number, kind: Number, reason: Number) -> Number:  # fmt: skip
    """A refusal echoes what the command said."""
    words, amounts = asked.words, asked.amounts
    side = words[row, WHAT] >> SIDE_AT
    tell(
        told, at, answered, order, amounts[row, PRICE], amounts[row, QTY], ABSENT, words[row, HOME], side, kind, reason
    )
    return at + ONE


refuse = compiled(_refuse, inline=True)


def _on_new(state: State, asked: Asked, row: Number, told: Words, at: Number, answered: Number) -> Number:
    words, amounts = asked.words, asked.amounts
    home, order = words[row, HOME], words[row, ORDER]
    side = words[row, WHAT] >> SIDE_AT
    terms, book = terms_of(asked, row), book_of(state, home, side)
    reason = refusal_of_new(state, asked, row, book, terms)
    if reason != NO_REASON:
        return refuse(told, at, asked, row, answered, order, REJECTED, reason)
    price = ABSENT if terms & BYTE == MARKET else amounts[row, PRICE]
    qty = amounts[row, QTY]
    tell(told, at, answered, order, price, qty, qty, home, side, ACCEPTED, NO_REASON)
    if is_bound_to_rest(terms) and not would_trade(state, book, price):
        # The way of most orders: nothing has to be kept for a sweep that cannot come.
        return come_to_rest(state, told, at + ONE, answered, order, book, price, qty, 0, home, terms)
    set_taker(state, order, book, price, qty, 0, home, terms)
    return cancel_unfillable(state, told, at + ONE, answered)


on_new = compiled(_on_new, inline=True)


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
    price, home, side = (
        state.amounts[slot, ORDER_PRICE],
        state.words[slot, ORDER_HOME],
        U(state.parts[slot, BOOK]) & ONE,
    )
    if qty == open_qty:
        remove(state, slot, place)
    else:
        state.amounts[slot, OPEN] = open_qty - qty
    tell(told, at, answered, target, price, qty, open_qty - qty, home, side, CANCELED, USER)
    return at + ONE


on_cancel = compiled(_on_cancel, inline=True)


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


on_replace = compiled(_on_replace, inline=True)


def _mass_cancel(
    state: State, asked: Asked, row: Number, told: Words, at: Number, room: Number, answered: Number
) -> Number:
    """Cancel in the order in which the orders became live; the log of those is shortened on the way."""
    counts, home, side = state.counts, asked.words[row, HOME], asked.words[row, WHAT] >> SIDE_AT
    instrument, account = home & LOW, home >> ACCOUNT_AT
    if counts[STAGE] == READY:
        counts[STAGE] = MASS_CANCELING
        counts[MASS_READ] = counts[MASS_KEPT] = counts[MASS_TAKEN] = 0
    read, kept = U(counts[MASS_READ]), U(counts[MASS_KEPT])
    while read < U(counts[LOGGED]) and at <= room:
        slot = U(state.log[read])
        if state.amounts[slot, OPEN] > 0 and U(state.parts[slot, ENTRY]) == read:
            its_home, its_side = state.words[slot, ORDER_HOME], U(state.parts[slot, BOOK]) & ONE
            its_account = account in (ZERO, its_home >> ACCOUNT_AT)
            if its_account and instrument in (ZERO, its_home & LOW) and side in (ANY_SIDE, its_side):
                order, qty, price = state.words[slot, ID], state.amounts[slot, OPEN], state.amounts[slot, ORDER_PRICE]
                remove(state, slot, find(state, order))
                tell(told, at, answered, order, price, qty, 0, its_home, its_side, CANCELED, MASS_CANCELED)
                at += ONE
                counts[MASS_TAKEN] += 1
            else:
                state.log[kept] = slot
                state.parts[slot, ENTRY] = kept
                kept += ONE
        read += ONE
    counts[MASS_READ], counts[MASS_KEPT] = S(read), S(kept)
    if at <= room:
        counts[LOGGED] = S(kept)
        counts[STAGE] = READY
        at = refuse(told, at, asked, row, answered, asked.words[row, ORDER], DONE, NO_REASON)
        told[at - ONE, 5] = ABSENT
        told[at - ONE, 6] = counts[MASS_TAKEN]
    return at


mass_cancel = compiled(_mass_cancel)


def _run(state: State, asked: Asked, row: Number, told: Words) -> tuple[Any, Any]:
    """Carry out commands from `row` on until they end or the events do; the next command's row and the number of events.

    A command that could not be finished for want of room is the next one again; all of its state is kept.
    """
    counts = state.counts
    first = U(counts[EVENTS]) + ONE
    at, room, rows = ZERO, U(told.shape[0] - SPARE), U(asked.words.shape[0])
    while row < rows and at <= room:
        what = asked.words[row, WHAT]
        kind = (what >> KIND_AT) & BYTE
        answered = (asked.words[row, NUMBER], what & LOW, first)
        if counts[STAGE] != MATCHING:
            if kind == NEW:
                at = on_new(state, asked, row, told, at, answered)
            elif kind == CANCEL:
                at = on_cancel(state, asked, row, told, at, answered)
            elif kind == REPLACE:
                at = on_replace(state, asked, row, told, at, answered)
            elif kind == MASS_CANCEL:
                at = mass_cancel(state, asked, row, told, at, room, answered)
            else:
                at = refuse(told, at, asked, row, answered, asked.words[row, ORDER], REJECTED, UNSUPPORTED)
        if counts[STAGE] == MATCHING:
            at = carry_on(state, told, at, room, answered)
        if counts[STAGE] == READY:
            row += ONE
    counts[EVENTS] += S(at)
    return row, at


run = compiled(_run)
