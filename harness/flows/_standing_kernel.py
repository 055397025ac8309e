"""Draws the commands of the flow standing_book, and keeps the book that they make: a kernel a batch.

Measured on one core of a 2.6 GHz EPYC, batches of 4,096: 16 to 32 M commands/s while the deep book grows to 45,000 orders, 27 to 40 M/s in
the shallow one (the machine was shared). To compile it takes 2 s.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from harness.base.kernels import compiled
from harness.base.records import COMMAND, CommandKind, Commands, Int64Array, OrderType, TimeInForce, empty_commands
from harness.base.seeds import Seed
from harness.flows._draws import Random, below, geometric, one_of, random_of
from harness.flows._kept_book import (
    BAND,
    BASE,
    BEST_ASK,
    BEST_BID,
    BUY,
    DEEPEST,
    ID,
    LEVEL,
    LIVE,
    MID,
    OPEN,
    TICKS,
    Book,
    empty_book,
    front,
    is_empty,
    join,
    remove,
    roomy,
    trade,
)

STEPS_EACH = 500
"""Commands after which the mid may move by a tick."""
DEPTH_CHANCE = 0.05
"""An order lies 20 ticks from the mid on average, by a geometric law."""
QTY_MAX = 100
MAKERS_MAX = 3
"""The most makers that one taker meets."""
ADDS, CANCELS = 55, 35
"""Of a hundred commands; the rest are takers."""

# Entries of `counts`.
NEXT_ID, AT_MID, DRAWN, FILLED, LIVE_MAX, MAY_CANCEL, COUNTS = range(7)
ADD, CANCEL, TAKE = range(3)

# The words of a command that are drawn.
ORDER, TARGET, PRICE, QTY, WHAT = 1, 2, 3, 5, 12
WORDS, SIDE_AT = 14, 56


class State(NamedTuple):
    """The book and what draws from it."""

    random: Random
    book: Book
    counts: Int64Array
    templates: Int64Array
    """A command of each kind: what of it never changes."""
    depths: Int64Array


class StandingBook:
    """The book of one run of the flow."""

    def __init__(self, seed: Seed, live_max: int, *, cancels: bool) -> None:
        counts = np.zeros(COUNTS, np.int64)
        counts[[NEXT_ID, AT_MID, LIVE_MAX, MAY_CANCEL]] = 1, MID, live_max or 2**62, cancels
        self._state = State(
            random=random_of(seed, "orders"), book=empty_book(), counts=counts, templates=_templates(),
            depths=np.minimum(geometric(DEPTH_CHANCE), DEEPEST),
        )  # fmt: skip

    def draw(self, count: int) -> tuple[Commands, Int64Array]:
        """The next commands, and the trades that they must give: taker, maker, price and quantity, shape (n, 4)."""
        self._state = self._state._replace(book=roomy(self._state.book, count))
        commands, fills = np.empty(count, COMMAND), np.empty((MAKERS_MAX * count, 4), np.int64)
        draw(self._state, commands.view(np.int64).reshape(count, WORDS), fills)
        return commands, fills[: self._state.counts[FILLED]]


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
        if kind == TAKE and is_empty(state.book, 1 - side):
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
    chance, live = below(state.random, 100), state.book.counts[LIVE]
    if chance < ADDS and live < state.counts[LIVE_MAX]:
        return ADD
    if chance < ADDS + CANCELS and live > 0:
        return CANCEL if state.counts[MAY_CANCEL] else TAKE
    return ADD if live == 0 else TAKE


def _add(state: State, told: Int64Array, row: Any, side: Any) -> None:
    """An order some way from the mid, and short of the best opposite price."""
    best, number = state.book.counts, state.counts[NEXT_ID]
    tick = state.counts[AT_MID] - BASE
    if side == BUY:
        tick = min(tick - one_of(state.random, state.depths), best[BEST_ASK] - 1)
    else:
        tick = max(tick + one_of(state.random, state.depths), best[BEST_BID] + 1)
    qty = 1 + below(state.random, QTY_MAX)
    join(state.book, side, tick, number, qty)
    told[row, ORDER], told[row, PRICE], told[row, QTY] = number, BASE + tick, qty
    told[row, WHAT] |= side << SIDE_AT
    state.counts[NEXT_ID] += 1


def _cancel(state: State, told: Int64Array, row: Any) -> None:
    """Any live order, whole."""
    book = state.book
    slot = book.live[below(state.random, book.counts[LIVE])]
    told[row, ORDER] = told[row, TARGET] = book.orders[slot, ID]
    told[row, WHAT] |= (book.orders[slot, LEVEL] // TICKS) << SIDE_AT
    remove(book, slot)


def _take(state: State, told: Int64Array, row: Any, side: Any, fills: Int64Array) -> None:
    """An order for exactly what it will trade: one to three makers, the last of them perhaps in part."""
    counts, book = state.counts, state.book
    wanted, met = 1 + below(state.random, MAKERS_MAX), 0
    total, price = 0, 0
    while met < wanted and not is_empty(book, 1 - side):
        slot = front(book, 1 - side)
        price, qty = BASE + book.orders[slot, LEVEL] % TICKS, book.orders[slot, OPEN]
        met += 1
        if met == wanted and below(state.random, 2):
            qty = 1 + below(state.random, qty)
        fill = fills[counts[FILLED]]
        fill[0], fill[1], fill[2], fill[3] = counts[NEXT_ID], book.orders[slot, ID], price, qty
        counts[FILLED] += 1
        total += qty
        trade(book, slot, qty)
    told[row, ORDER], told[row, PRICE], told[row, QTY] = counts[NEXT_ID], price, total
    told[row, WHAT] |= side << SIDE_AT
    counts[NEXT_ID] += 1


draw_kind = compiled(_draw_kind)
add = compiled(_add)
cancel = compiled(_cancel)
take = compiled(_take)
draw = compiled(_draw)
