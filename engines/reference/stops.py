"""Stops that wait for their price, and the queue of those that triggered.

A waiting stop stands in a ladder like a resting order, at its stop price: the buy stops of an instrument in one that is best at its
lowest price, the sell stops in one that is best at its highest. So what triggers first is the front of the best level, and to see that
nothing triggers costs one comparison a side. Triggered stops are a list through the links that their queue used before.
"""

from __future__ import annotations

from engines.reference.asked import ABSENT, BYTE, PRICE, QTY, STOP, STOP_LIMIT, Asked
from engines.reference.ladder import is_better
from engines.reference.layout import (
    BY_QUOTE,
    BY_TIME,
    ENTRY,
    FIRST_TRIGGERED,
    FRONT,
    HAS_TRADED,
    LAST_PRICE,
    LAST_TRIGGERED,
    NEXT,
    PREVIOUS,
    WAITING,
    State,
)
from engines.reference.machine import ONE, ZERO, Number, U
from engines.reference.queues import join, leave, new_slot
from harness.base.kernels import compiled


def _await_price(
    state: State, asked: Asked, row: Number, book: Number, order_id: Number, home: Number, terms: Number
) -> None:
    """A new stop at the back of its stop price's queue."""
    amounts = asked.amounts
    price = amounts[row, PRICE] if terms & BYTE == STOP_LIMIT else ABSENT
    stop = amounts[row, STOP]
    join(state, book, stop, new_slot(state, book, order_id, price, amounts[row, QTY], stop, home, terms))
    state.counts[WAITING] += 1


await_price = compiled(_await_price)


def _look_at_stops(state: State, first: Number, last: Number) -> None:
    """Queue up what triggers now, of the instruments whose indices run from first to last."""
    moment = U(state.counts[LAST_TRIGGERED])
    stops = U(2) * U(state.bounds.shape[0])
    index = first
    while index <= last:
        # Odd books are those of sell orders and of buy stops; buy stops come first.
        for side in (ONE, ZERO):
            quoted = U(2) * index + side
            book = stops + quoted
            if state.counts[BY_QUOTE] != 0:
                there, price = state.best_level[quoted] != ZERO, state.best_price[quoted]
            else:
                there, price = state.bounds[index, HAS_TRADED] != 0, state.bounds[index, LAST_PRICE]
            while there and state.best_level[book] != ZERO and not is_better(book, price, state.best_price[book]):
                slot = U(state.levels[state.best_level[book], FRONT])
                leave(state, slot)
                queue_up(state, slot, moment)
        index += ONE


def _queue_up(state: State, slot: Number, moment: Number) -> None:
    """Put a triggered stop at the end; by convention before those of the same moment, behind `moment`, that were entered later."""
    before = U(state.counts[LAST_TRIGGERED])
    if state.counts[BY_TIME] != 0:
        while before != moment and state.parts[before, ENTRY] > state.parts[slot, ENTRY]:
            before = U(state.parts[before, PREVIOUS])
    after = U(state.counts[FIRST_TRIGGERED]) if before == ZERO else U(state.parts[before, NEXT])
    state.parts[slot, PREVIOUS] = before
    state.parts[slot, NEXT] = after
    if before == ZERO:
        state.counts[FIRST_TRIGGERED] = slot
    else:
        state.parts[before, NEXT] = slot
    if after == ZERO:
        state.counts[LAST_TRIGGERED] = slot
    else:
        state.parts[after, PREVIOUS] = slot


queue_up = compiled(_queue_up, inner=True)
look_at_stops = compiled(_look_at_stops)


def _next_triggered(state: State) -> Number:
    """Take the first of the triggered stops off the list; 0 where there is none."""
    slot = U(state.counts[FIRST_TRIGGERED])
    if slot != ZERO:
        after = U(state.parts[slot, NEXT])
        state.counts[FIRST_TRIGGERED] = after
        if after == ZERO:
            state.counts[LAST_TRIGGERED] = 0
        else:
            state.parts[after, PREVIOUS] = ZERO
        state.counts[WAITING] -= 1
    return slot


next_triggered = compiled(_next_triggered, inner=True)
