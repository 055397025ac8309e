"""The book as rows, read from the queues themselves: what the engine holds and not what it told."""

from __future__ import annotations

import numpy as np

from engines.reference.layout import (
    BOOK,
    ID,
    INSTRUMENT,
    NEXT,
    OPEN,
    PREVIOUS,
    PRICE,
    STOP_PRICE,
    USED_SLOTS,
    Amounts,
    State,
)
from engines.reference.machine import ONE, ZERO, Number, U
from harness.base.bits import BOOK_ROW, WAITING, BookRows
from harness.base.kernels import compiled


def rows_of(state: State) -> BookRows:
    """The live orders in digest order."""
    found = np.zeros((int(state.counts[USED_SLOTS]), 2), np.int64)
    found = found[: int(walk(state, found))]
    slots = found[:, 0]
    rows = np.zeros(len(slots), BOOK_ROW)
    rows["instrument"] = state.parts[slots, INSTRUMENT]
    books = state.parts[slots, BOOK]
    waiting = books >= 2 * len(state.bounds)
    # A waiting stop stands at its stop price; its book is one of the other side.
    rows["side"] = np.where(waiting, WAITING + 1 - (books & 1), books & 1)
    rows["price"] = np.where(waiting, state.amounts[slots, STOP_PRICE], state.amounts[slots, PRICE])
    rows["place"] = found[:, 1]
    rows["order"] = state.words[slots, ID]
    rows["remaining"] = state.amounts[slots, OPEN]
    return rows[np.lexsort((rows["place"], rows["price"], rows["side"], rows["instrument"]))]


def _walk(state: State, found: Amounts) -> Number:
    """Slot and place of every live order, queue by queue; how many there are."""
    count = ZERO
    slot = ONE
    while slot <= U(state.counts[USED_SLOTS]):
        if state.amounts[slot, OPEN] > 0 and U(state.parts[slot, PREVIOUS]) == ZERO:
            behind, place = slot, 0
            while behind != ZERO:
                found[count, 0] = behind
                found[count, 1] = place
                behind = U(state.parts[behind, NEXT])
                place += 1
                count += ONE
        slot += ONE
    return count


walk = compiled(_walk)
