"""The one hot loop: a batch of commands in, their events out.

What was tried, on one core of a 2.6 GHz EPYC, a million messages with all their events (1.75 a message) in batches of 4,096; deep is a
book of 47,000 orders, shallow one of 2,000; millions of messages a second, the best of 5 to 12 rounds:

| layout                                                             | deep | shallow |
|--------------------------------------------------------------------|------|---------|
| numba counts references to the arrays (its default)                |  2.1 |     2.2 |
| no counting                                                        | 18.6 |    19.8 |
| ... eight neighbouring ids share a cache line of the table of ids  | 17.4 |    17.8 |
| ... entries and slots of later commands are fetched ahead          | 19.5 |    18.1 |
| ... lookups are not counted                                        | 18.7 |    19.8 |
| ... table of ids at most a quarter full, not half                  | 20.0 |    23.6 |
| ... ... and an order that meets nothing rests at once: kept        | 21.9 |    25.4 |
| ... ... ... with stops and minimum quantity: kept                  | 20.6 |    23.7 |

The machine was shared while this was measured: trust the ratios. To fetch ahead helps the deep book and hurts the shallow one.

Helpers that became part of their callers as machine code (`inner`) and not as source (`inline`) compile in 15 s instead of 25, and
run as fast: 22.3 against 22.0 on the shallow book, on the deep one no difference that the noise lets see.

Price steps, accounts and risk limits came later. Beside the version without them, in turns over a million messages of random flow, CPU time,
the best of 60 rounds: an engine whose instruments have no limit runs at 1.00 of the speed (4,500 orders) and 1.01 (1,800), one whose
instruments all name 64 accounts and have every risk limit at 0.92 and 0.93.
"""

from __future__ import annotations

from typing import Any

from engines.reference.asked import (
    ABSENT,
    ACCOUNT_AT,
    BYTE,
    CANCEL,
    HOME,
    KIND_AT,
    LIMIT,
    LOW,
    MARKET,
    MASS_CANCEL,
    NEW,
    NUMBER,
    ORDER,
    REPLACE,
    SIDE_AT,
    STOP_LIMIT,
    WHAT,
    Asked,
)
from engines.reference.checks import (
    NO_REASON,
    UNSUPPORTED,
    book_of,
    is_waiting,
    side_of,
)
from engines.reference.commands import on_cancel, on_new, on_replace, refuse
from engines.reference.ids import find
from engines.reference.layout import (
    BOOK,
    ENTRY,
    EVENTS,
    ID,
    LOGGED,
    MASS_KEPT,
    MASS_READ,
    MASS_TAKEN,
    OPEN,
    STAGE,
    STOP_PRICE,
    TERMS,
    WAITING,
    State,
    Words,
)
from engines.reference.layout import HOME as ORDER_HOME
from engines.reference.layout import PRICE as ORDER_PRICE
from engines.reference.machine import ONE, ZERO, Number, S, U
from engines.reference.matching import (
    CASCADING,
    FINISHED,
    MASS_CANCELING,
    MATCHING,
    READY,
    cancel_unfillable,
    carry_on,
    set_taker,
)
from engines.reference.queues import free, remove
from engines.reference.stops import look_at_stops, next_triggered
from engines.reference.teller import (
    CANCELED,
    DONE,
    REJECTED,
    TRIGGERED,
    tell,
)
from harness.base.kernels import compiled
from harness.base.reasons import Reason
from harness.base.records import Side

MASS_CANCELED = int(Reason.MASS_CANCEL)
ANY_SIDE = U(int(Side.NONE))
SPARE = 4
"""Rows that must be free before a step: no step tells more than two events, nor a taker's end more than two."""


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
            its_home, its_book = state.words[slot, ORDER_HOME], U(state.parts[slot, BOOK])
            its_side = side_of(state, its_book)
            its_account = account in (ZERO, its_home >> ACCOUNT_AT)
            if its_account and instrument in (ZERO, its_home & LOW) and side in (ANY_SIDE, its_side):
                order, qty, price = state.words[slot, ID], state.amounts[slot, OPEN], state.amounts[slot, ORDER_PRICE]
                remove(state, slot, find(state, order))
                counts[WAITING] -= S(is_waiting(state, its_book))
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


def _cascade(state: State, asked: Asked, row: Number, told: Words, at: Number, answered: Number) -> Number:
    """Look at the stops that the command may have moved, and carry out the first that triggered."""
    counts, instruments = state.counts, U(state.bounds.shape[0])
    words = asked.words
    index = book_of(state, words[row, HOME], ZERO) >> ONE
    if (words[row, WHAT] >> KIND_AT) & BYTE == MASS_CANCEL:
        look_at_stops(state, ZERO, instruments - ONE)
    elif index < instruments:
        look_at_stops(state, index, index)
    slot = next_triggered(state)
    if slot == ZERO:
        counts[STAGE] = FINISHED
        return at
    order, price, stop = state.words[slot, ID], state.amounts[slot, ORDER_PRICE], state.amounts[slot, STOP_PRICE]
    home, terms, open_qty = state.words[slot, ORDER_HOME], U(state.parts[slot, TERMS]), state.amounts[slot, OPEN]
    book = (U(state.parts[slot, BOOK]) - U(2) * instruments) ^ ONE
    tell(told, at, answered, order, stop, open_qty, open_qty, home, book & ONE, TRIGGERED, NO_REASON)
    free(state, slot, find(state, order))
    # A stop is a market order now, a stop limit a limit order.
    kind = LIMIT if terms & BYTE == STOP_LIMIT else MARKET
    set_taker(state, order, book, price, open_qty, 0, home, (terms & ~BYTE) | kind)
    return cancel_unfillable(state, told, at + ONE, answered)


cascade = compiled(_cascade)


def _run_some(  # noqa: C901 - one branch a kind of command and a stage
    state: State, asked: Asked, row: Number, end: Number, told: Words, at: Number
) -> tuple[Any, Any]:
    """Carry out the commands from `row` to before `end`, and tell their events from row `at` on; the next row of both."""
    counts, begun = state.counts, at
    first, room = U(counts[EVENTS]) + ONE - at, U(told.shape[0] - SPARE)
    while row < end and at <= room:
        what = asked.words[row, WHAT]
        kind = (what >> KIND_AT) & BYTE
        answered = (asked.words[row, NUMBER], what & LOW, first)
        if counts[STAGE] == CASCADING:
            at = cascade(state, asked, row, told, at, answered)
        elif counts[STAGE] != MATCHING:
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
        if counts[STAGE] == READY and counts[WAITING] > 0:
            counts[STAGE] = CASCADING
        elif counts[STAGE] in (READY, FINISHED):
            counts[STAGE] = READY
            row += ONE
    counts[EVENTS] += S(at - begun)
    return row, at


run_some = compiled(_run_some, inner=True)


def _run(state: State, asked: Asked, row: Number, told: Words) -> tuple[Any, Any]:
    """Carry out commands from `row` on until they end or the events do; the next command's row and the number of events.

    A command that could not be finished for want of room is the next one again; all of its state is kept.
    """
    done: tuple[Any, Any] = run_some(state, asked, row, U(asked.words.shape[0]), told, ZERO)
    return done


run = compiled(_run)
