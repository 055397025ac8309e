"""Draws the commands of the flow standing_book, and keeps the book that they make: a kernel a batch.

A level is a side and a price; its orders are a list through their slots, and slot 0 is none. Measured on one core of a 2.6 GHz EPYC,
batches of 4,096: 16 to 32 M commands/s while the deep book grows to 45,000 orders, 27 to 40 M/s in the shallow one (the machine was
shared). To compile it takes 2 s.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from harness.base.kernels import compiled
from harness.base.records import COMMAND, CommandKind, Commands, Int64Array, OrderType, TimeInForce, empty_commands
from harness.base.seeds import Seed
from harness.flows._draws import Random, below, geometric, one_of, random_of

MID, BAND = 10_000, 50
"""Where the mid begins, and how far from there it goes."""
STEPS_EACH = 500
"""Commands after which the mid may move by a tick."""
DEPTH_CHANCE, DEEPEST = 0.05, 200
"""An order lies 20 ticks from the mid on average, by a geometric law."""
QTY_MAX = 100
MAKERS_MAX = 3
"""The most makers that one taker meets."""
ADDS, CANCELS = 55, 35
"""Of a hundred commands; the rest are takers."""
FIRST_SLOTS = 2**12

# An order: columns of `orders`. PLACE is its place in `live`.
NEXT, PREVIOUS, LEVEL, OPEN, ID, PLACE = range(6)
FRONT, BACK = 0, 1
# Entries of `counts`; FREE is the first of the slots that were given back, which are a list through NEXT.
LIVE, USED, FREE, NEXT_ID, AT_MID, DRAWN, BEST_BID, BEST_ASK, FILLED, LIVE_MAX, MAY_CANCEL, COUNTS = range(12)
ADD, CANCEL, TAKE = range(3)
BUY, SELL = 0, 1
BASE = MID - BAND - DEEPEST - 1
TICKS = 2 * (BAND + DEEPEST) + 3
"""The prices of a side, from BASE on; no order stands at the first or the last."""

# The words of a command that are drawn.
ORDER, TARGET, PRICE, QTY, WHAT = 1, 2, 3, 5, 12
WORDS, SIDE_AT = 14, 56


class State(NamedTuple):
    """The book and what draws from it."""

    random: Random
    orders: Int64Array
    live: Int64Array
    """The slots of the live orders, in no order."""
    levels: Int64Array
    counts: Int64Array
    templates: Int64Array
    """A command of each kind: what of it never changes."""
    depths: Int64Array


class StandingBook:
    """The book of one run of the flow."""

    def __init__(self, seed: Seed, live_max: int, *, cancels: bool) -> None:
        counts = np.zeros(COUNTS, np.int64)
        counts[[NEXT_ID, AT_MID, BEST_BID, BEST_ASK]] = 1, MID, 0, TICKS - 1
        counts[[LIVE_MAX, MAY_CANCEL]] = live_max or 2**62, cancels
        self._state = State(
            random=random_of(seed, "orders"), orders=np.zeros((FIRST_SLOTS, 8), np.int64), live=np.zeros(FIRST_SLOTS, np.int64),
            levels=np.zeros((2 * TICKS, 2), np.int64), counts=counts, templates=_templates(),
            depths=np.minimum(geometric(DEPTH_CHANCE), DEEPEST),
        )  # fmt: skip

    def draw(self, count: int) -> tuple[Commands, Int64Array]:
        """The next commands, and the trades that they must give: taker, maker, price and quantity, shape (n, 4)."""
        self._make_room(count)
        commands, fills = np.empty(count, COMMAND), np.empty((MAKERS_MAX * count, 4), np.int64)
        draw(self._state, commands.view(np.int64).reshape(count, WORDS), fills)
        return commands, fills[: self._state.counts[FILLED]]

    def _make_room(self, more: int) -> None:
        """So many slots that none runs out before the next look."""
        state = self._state
        while state.counts[USED] + more >= len(state.live):
            state = state._replace(
                orders=np.concatenate([state.orders, np.zeros_like(state.orders)]),
                live=np.concatenate([state.live, np.zeros_like(state.live)]),
            )
        self._state = state


def _templates() -> Int64Array:
    """An add, a cancel and a taker, as rows of words."""
    commands = empty_commands(3)
    commands["session"], commands["instrument"], commands["side"] = 1, 1, BUY
    commands["kind"] = CommandKind.NEW, CommandKind.CANCEL, CommandKind.NEW
    commands["type"] = OrderType.LIMIT, OrderType.NONE, OrderType.LIMIT
    commands["tif"] = TimeInForce.DAY, TimeInForce.NONE, TimeInForce.DAY
    commands["account"] = 1, 1, 2
    return commands.view(np.int64).reshape(3, WORDS)


def _draw(state: State, told: Int64Array, fills: Int64Array) -> None:
    """Fill all rows with commands, and write down the trades that they must give."""
    counts = state.counts
    counts[FILLED] = 0
    for row in range(len(told)):
        if counts[DRAWN] % STEPS_EACH == 0:
            counts[AT_MID] = min(max(counts[AT_MID] + below(state.random, 3) - 1, MID - BAND), MID + BAND)
        counts[DRAWN] += 1
        side, kind = below(state.random, 2), draw_kind(state)
        if kind == TAKE and (counts[BEST_ASK] == TICKS - 1 if side == BUY else counts[BEST_BID] == 0):
            kind = ADD
        for word in range(WORDS):
            told[row, word] = state.templates[kind, word]
        if kind == ADD:
            add(state, told, row, side)
        elif kind == CANCEL:
            cancel(state, told, row)
        else:
            take(state, told, row, side, fills)


def _draw_kind(state: State) -> Any:
    """What the next command does, as far as the number of live orders allows it."""
    chance, live = below(state.random, 100), state.counts[LIVE]
    if chance < ADDS and live < state.counts[LIVE_MAX]:
        return ADD
    if chance < ADDS + CANCELS and live > 0:
        return CANCEL if state.counts[MAY_CANCEL] else TAKE
    return ADD if live == 0 else TAKE


def _add(state: State, told: Int64Array, row: Any, side: Any) -> None:
    """An order some way from the mid, and short of the best opposite price."""
    counts, orders, levels = state.counts, state.orders, state.levels
    tick = counts[AT_MID] - BASE
    if side == BUY:
        tick = min(tick - one_of(state.random, state.depths), counts[BEST_ASK] - 1)
        counts[BEST_BID] = max(counts[BEST_BID], tick)
    else:
        tick = max(tick + one_of(state.random, state.depths), counts[BEST_BID] + 1)
        counts[BEST_ASK] = min(counts[BEST_ASK], tick)
    slot, level = new_slot(state), side * TICKS + tick
    last = levels[level, BACK]
    orders[slot, ID], orders[slot, OPEN], orders[slot, LEVEL] = counts[NEXT_ID], 1 + below(state.random, QTY_MAX), level
    orders[slot, PREVIOUS], orders[slot, NEXT] = last, 0
    if last:
        orders[last, NEXT] = slot
    else:
        levels[level, FRONT] = slot
    levels[level, BACK] = slot
    told[row, ORDER], told[row, PRICE], told[row, QTY] = counts[NEXT_ID], BASE + tick, orders[slot, OPEN]
    told[row, WHAT] |= side << SIDE_AT
    counts[NEXT_ID] += 1


def _cancel(state: State, told: Int64Array, row: Any) -> None:
    """Any live order, whole."""
    slot = state.live[below(state.random, state.counts[LIVE])]
    told[row, ORDER] = told[row, TARGET] = state.orders[slot, ID]
    told[row, WHAT] |= (state.orders[slot, LEVEL] // TICKS) << SIDE_AT
    remove(state, slot)


def _take(state: State, told: Int64Array, row: Any, side: Any, fills: Int64Array) -> None:
    """An order for exactly what it will trade: one to three makers, the last of them perhaps in part."""
    counts, orders, levels = state.counts, state.orders, state.levels
    wanted, met = 1 + below(state.random, MAKERS_MAX), 0
    total, price = 0, 0
    while met < wanted and (counts[BEST_ASK] < TICKS - 1 if side == BUY else counts[BEST_BID] > 0):
        tick = counts[BEST_ASK] if side == BUY else counts[BEST_BID]
        slot = levels[(1 - side) * TICKS + tick, FRONT]
        price, qty = BASE + tick, orders[slot, OPEN]
        met += 1
        if met == wanted and below(state.random, 2):
            qty = 1 + below(state.random, qty)
        fill = fills[counts[FILLED]]
        fill[0], fill[1], fill[2], fill[3] = counts[NEXT_ID], orders[slot, ID], price, qty
        counts[FILLED] += 1
        total += qty
        orders[slot, OPEN] -= qty
        if orders[slot, OPEN] == 0:
            remove(state, slot)
    told[row, ORDER], told[row, PRICE], told[row, QTY] = counts[NEXT_ID], price, total
    told[row, WHAT] |= side << SIDE_AT
    counts[NEXT_ID] += 1


def _new_slot(state: State) -> Any:
    """A slot for one order more, that is live from now on."""
    counts, slot = state.counts, state.counts[FREE]
    if slot:
        counts[FREE] = state.orders[slot, NEXT]
    else:
        counts[USED] += 1
        slot = counts[USED]
    state.live[counts[LIVE]] = slot
    state.orders[slot, PLACE] = counts[LIVE]
    counts[LIVE] += 1
    return slot


def _remove(state: State, slot: Any) -> None:
    """Take an order out of its level, which may leave the side with another best price."""
    counts, orders, levels = state.counts, state.orders, state.levels
    level, before, after = orders[slot, LEVEL], orders[slot, PREVIOUS], orders[slot, NEXT]
    if before:
        orders[before, NEXT] = after
    else:
        levels[level, FRONT] = after
    if after:
        orders[after, PREVIOUS] = before
    else:
        levels[level, BACK] = before
    while counts[BEST_BID] > 0 and levels[counts[BEST_BID], FRONT] == 0:
        counts[BEST_BID] -= 1
    while counts[BEST_ASK] < TICKS - 1 and levels[TICKS + counts[BEST_ASK], FRONT] == 0:
        counts[BEST_ASK] += 1
    counts[LIVE] -= 1
    moved = state.live[counts[LIVE]]
    state.live[orders[slot, PLACE]] = moved
    orders[moved, PLACE] = orders[slot, PLACE]
    orders[slot, NEXT] = counts[FREE]
    counts[FREE] = slot


new_slot = compiled(_new_slot)
remove = compiled(_remove)
draw_kind = compiled(_draw_kind)
add = compiled(_add)
cancel = compiled(_cancel)
take = compiled(_take)
draw = compiled(_draw)
