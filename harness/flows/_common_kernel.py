"""Draws the commands of the flow common, and keeps the book that they make: a kernel a batch.

Measured in one core's time on an AMD EPYC that others used, batches of 4,096: 15 M commands/s.
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
    BUY,
    DEEPEST,
    ID,
    LEVEL,
    LIVE,
    MID,
    TICKS,
    TRADED,
    Book,
    empty_book,
    join,
    meet,
    remove,
    roomy,
)

STEPS_EACH = 20
"""Commands after which the mid may move by a tick."""
DEPTH_CHANCE, REACH_CHANCE, QTY_CHANCE = 0.1, 0.3, 0.05
"""An order lies 10 ticks from the mid on average, or 3 beyond it where it is to cross, and is of 20 lots: by geometric laws."""
REACH_MAX, QTY_MAX = 20, 200
MOVES_THROUGH = 4
"""One replace in so many moves its order through the mid."""

REST, CROSS, IMMEDIATE, CANCEL, REPLACE = range(5)
SHARES = {REST: 45, CROSS: 10, IMMEDIATE: 10, CANCEL: 15, REPLACE: 20}
"""Of a hundred commands."""
INSTEAD = (
    ("replace", REPLACE, CANCEL),
    ("cancel", CANCEL, CROSS),
    ("cancel", REPLACE, CROSS),
    ("ioc", IMMEDIATE, CROSS),
)
"""What an engine may not offer, an act that needs it, and what is drawn in its place; one after the other."""

# Entries of `counts`.
NEXT_ID, AT_MID, DRAWN, RESTING, SELLER, COUNTS = range(6)
# The words of a command that are drawn; HOME is instrument and account, WHAT ends with the side.
ORDER, TARGET, PRICE, QTY, HOME, WHAT = 1, 2, 3, 5, 11, 12
WORDS, SIDE_AT, ONE_ACCOUNT = 14, 56, 2**32


class State(NamedTuple):
    """The book and what draws from it."""

    random: Random
    book: Book
    counts: Int64Array
    templates: Int64Array
    """A command of each act: what of it never changes."""
    acts: Int64Array
    """A hundred, each as often as its share."""
    depths: Int64Array
    reaches: Int64Array
    quantities: Int64Array


class CommonBook:
    """The book of one run of the flow."""

    def __init__(self, seed: Seed, resting: int, seller: int, without: tuple[str, ...]) -> None:
        counts = np.zeros(COUNTS, np.int64)
        counts[[NEXT_ID, AT_MID, RESTING, SELLER]] = 1, MID - BASE, resting, seller
        self._state = State(
            random=random_of(seed, "orders"), book=empty_book(), counts=counts, templates=_templates(), acts=_acts(without),
            depths=np.minimum(geometric(DEPTH_CHANCE), DEEPEST), reaches=np.minimum(geometric(REACH_CHANCE), REACH_MAX),
            quantities=np.minimum(geometric(QTY_CHANCE), QTY_MAX),
        )  # fmt: skip

    def draw(self, count: int) -> Commands:
        """The next commands."""
        self._state = self._state._replace(book=roomy(self._state.book, count))
        commands = np.empty(count, COMMAND)
        draw(self._state, commands.view(np.int64).reshape(count, WORDS))
        return commands


def _templates() -> Int64Array:
    """A command of each act, as rows of words."""
    commands = empty_commands(len(SHARES))
    commands["session"], commands["instrument"], commands["side"] = 1, 1, BUY
    commands["kind"] = CommandKind.NEW
    commands["kind"][[CANCEL, REPLACE]] = CommandKind.CANCEL, CommandKind.REPLACE
    commands["type"][[REST, CROSS, IMMEDIATE]] = OrderType.LIMIT
    commands["tif"][[REST, CROSS, IMMEDIATE]] = TimeInForce.DAY, TimeInForce.DAY, TimeInForce.IOC
    return commands.view(np.int64).reshape(-1, WORDS)


def _acts(without: tuple[str, ...]) -> Int64Array:
    """A hundred acts, without those that the engine does not offer."""
    acts = np.repeat(np.array(list(SHARES), np.int64), list(SHARES.values()))
    for name, act, instead in INSTEAD:
        if name in without:
            acts[acts == act] = instead
    return acts


def _draw(state: State, told: Int64Array) -> None:
    """Fill all rows with commands."""
    counts = state.counts
    for row in range(len(told)):
        if counts[DRAWN] % STEPS_EACH == 0:
            middle = MID - BASE
            counts[AT_MID] = min(max(counts[AT_MID] + below(state.random, 3) - 1, middle - BAND), middle + BAND)
        counts[DRAWN] += 1
        act = draw_act(state)
        if act in (CANCEL, REPLACE):
            change(state, told[row], act)
        else:
            enter(state, told[row], act)


def _draw_act(state: State) -> Any:
    """What the next command does, as far as the number of live orders allows it."""
    act, live = one_of(state.random, state.acts), state.book.counts[LIVE]
    if live == 0:
        return REST
    return CROSS if act == REST and live >= state.counts[RESTING] else act


def _enter(state: State, command: Int64Array, act: Any) -> None:
    """A new order."""
    side, number = below(state.random, 2), state.counts[NEXT_ID]
    state.counts[NEXT_ID] += 1
    begin(state, command, act, side)
    tick, qty = draw_tick(state, side, act == REST), one_of(state.random, state.quantities)
    command[ORDER], command[PRICE], command[QTY] = number, BASE + tick, qty
    match(state.book, command, side, act != IMMEDIATE)


def _change(state: State, command: Int64Array, act: Any) -> None:
    """Cancel any live order, or replace it if it has not traded."""
    book = state.book
    slot = book.live[below(state.random, book.counts[LIVE])]
    number, side, tick = book.orders[slot, ID], book.orders[slot, LEVEL] // TICKS, book.orders[slot, LEVEL] % TICKS
    if book.orders[slot, TRADED]:
        act = CANCEL
    begin(state, command, act, side)
    command[ORDER] = command[TARGET] = number
    remove(book, slot)
    if act == CANCEL:
        return
    moved, qty = draw_tick(state, side, below(state.random, MOVES_THROUGH) > 0), one_of(state.random, state.quantities)
    if moved == tick:
        moved += 1 - 2 * side
    command[PRICE], command[QTY] = BASE + moved, qty
    match(book, command, side, True)


def _begin(state: State, command: Int64Array, act: Any, side: Any) -> None:
    for word in range(WORDS):
        command[word] = state.templates[act, word]
    command[HOME] += ONE_ACCOUNT * (1 if side == BUY else state.counts[SELLER])
    command[WHAT] |= side << SIDE_AT


def _draw_tick(state: State, side: Any, rests: Any) -> Any:
    """A price on the side's own half of the book, or through the mid."""
    away = one_of(state.random, state.depths) if rests else -one_of(state.random, state.reaches)
    return state.counts[AT_MID] - (1 - 2 * side) * away


def _match(book: Book, command: Int64Array, side: Any, rests: Any) -> None:
    """Trade as far as the price reaches; what is left then rests, or goes."""
    tick = command[PRICE] - BASE
    left = meet(book, side, tick, command[QTY])
    if left > 0 and rests:
        slot = join(book, side, tick, command[ORDER], left)
        book.orders[slot, TRADED] = left < command[QTY]


begin = compiled(_begin)
draw_tick = compiled(_draw_tick)
match = compiled(_match)
enter = compiled(_enter)
change = compiled(_change)
draw_act = compiled(_draw_act)
draw = compiled(_draw)
