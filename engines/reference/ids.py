"""From order id to slot: open addressing, linear probing, and deletion that moves later entries back.

An entry is 8 bytes: 32 bits of the id's Fibonacci hash and the slot. The id itself stands in the order, which whoever asks for it
reads next anyway; so eight entries share a cache line. No entry is ever marked deleted, so a long run probes no more than a short one.
"""

from __future__ import annotations

import numpy as np

from engines.reference.layout import FURTHER_PROBES, GOLDEN, ID, ID_LIMIT, ID_SHIFT, LOOKUPS, OPEN, USED_SLOTS, State
from engines.reference.machine import ONE, ZERO, Number, U
from harness.base.kernels import compiled

HALF = U(32)
SLOT = U(0xFFFFFFFF)


def _hash_of(order_id: Number) -> Number:
    """32 bits; the fold keeps ids that differ in their upper half only from sharing them."""
    return ((order_id ^ (order_id >> HALF)) * GOLDEN) >> HALF


hash_of = compiled(_hash_of, inner=True)


def _find(state: State, order_id: Number) -> Number:
    """The place of the id in the table, or the free place where it would go."""
    tag = hash_of(order_id)
    shift = U(state.counts[ID_SHIFT])
    mask = SLOT >> shift
    at = tag >> shift
    state.counts[LOOKUPS] += 1
    while True:
        entry = state.ids[at]
        if entry == ZERO or (entry >> HALF == tag and state.words[entry & SLOT, ID] == order_id):
            break
        at = (at + ONE) & mask
        state.counts[FURTHER_PROBES] += 1
    return at


find = compiled(_find, inner=True)


def _put(state: State, at: Number, order_id: Number, slot: Number) -> None:
    """Fill the free place that `find` gave."""
    state.ids[at] = (hash_of(order_id) << HALF) | slot


put = compiled(_put, inner=True)


def _take_out(state: State, at: Number) -> None:
    """Free the place, and move back what was pushed past it."""
    shift = U(state.counts[ID_SHIFT])
    mask = SLOT >> shift
    hole = at
    while True:
        at = (at + ONE) & mask
        entry = state.ids[at]
        if entry == ZERO:
            break
        home = entry >> (HALF + shift)
        if ((at - home) & mask) >= ((at - hole) & mask):
            state.ids[hole] = entry
            hole = at
    state.ids[hole] = ZERO


take_out = compiled(_take_out, inner=True)


def _grow(state: State) -> None:
    """Use twice as much of the table; all live orders go to their new homes."""
    state.counts[ID_SHIFT] -= 1
    state.counts[ID_LIMIT] *= 2
    shift = U(state.counts[ID_SHIFT])
    mask = SLOT >> shift
    state.ids[: np.int64(mask) + 1] = ZERO
    slot = ONE
    while slot <= U(state.counts[USED_SLOTS]):
        if state.amounts[slot, OPEN] > 0:
            at = hash_of(state.words[slot, ID]) >> shift
            while state.ids[at] != ZERO:
                at = (at + ONE) & mask
            put(state, at, state.words[slot, ID], slot)
        slot += ONE


grow = compiled(_grow)
