"""Draws the commands of a market that goes through stages: a kernel a batch, with the acts as parts of it.

Measured in one core's time on an AMD EPYC that others used, batches of 4,096: 18 to 32 M commands/s over the seven flows, where acts that were
called with all arrays of the state gave 2 M. To compile it takes 8 s.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.base.capabilities import Instrument
from harness.base.kernels import compiled
from harness.base.records import COMMAND, Commands, Int64Array
from harness.base.seeds import Seed
from harness.flows._draws import one_of, random_of
from harness.flows._kept_book import BASE, LAST, LIVE, empty_book, roomy
from harness.flows._staged import MID, Stage
from harness.flows._staged_acts import (
    BURST,
    aggress,
    cancel,
    cancel_gone,
    go_to_edge,
    move,
    pick,
    repeat,
    stand,
    stuff,
    sweep,
)
from harness.flows._staged_orders import AT_MID, CARRY, COUNTS, GONE, HALTED, LEFT, NEXT_ID, STAGE, State
from harness.flows._staged_tables import (
    BEYOND_COLLAR,
    CANCEL,
    CANCEL_AGAIN,
    DRIFT,
    FULL,
    HALT,
    LENGTH,
    MARKET,
    MOST,
    MOVE,
    NOTHING,
    OPENS,
    REST,
    STUFF,
    SWEEP,
    USED_ID,
    WORDS,
    tables_of,
)

BATCH = 4_096
"""Commands drawn at once: drawing them takes less than half a millisecond."""


class StagedMarket:
    """The market of one run of a flow."""

    def __init__(
        self, seed: Seed, stages: tuple[Stage, ...], instrument: Instrument, resting: int, without: tuple[str, ...]
    ) -> None:
        counts, book = np.zeros(COUNTS, np.int64), empty_book()
        # The last stage is over before it began, so that the first comes next.
        counts[[NEXT_ID, AT_MID, STAGE]] = 1, MID - BASE, len(stages) - 1
        book.counts[LAST] = MID - BASE
        self._state = State(
            tables=tables_of(stages, instrument, resting, without), random=random_of(seed, "orders"), book=book,
            terms=np.zeros((len(book.live), 2), np.int64), stuffed=np.zeros((BURST, 2), np.int64), counts=counts,
        )  # fmt: skip

    def draw(self, count: int) -> Commands:
        """The next commands."""
        book, terms = roomy(self._state.book, count), self._state.terms
        more = np.zeros((len(book.live) - len(terms), 2), np.int64)
        self._state = self._state._replace(book=book, terms=np.concatenate([terms, more]) if len(more) else terms)
        commands = np.empty(count, COMMAND)
        draw(self._state, commands.view(np.int64).reshape(count, WORDS))
        return commands


def _draw(state: State, told: Int64Array) -> None:
    """Fill all rows with commands."""
    for row in range(len(told)):
        opens = turn(state)
        if opens == NOTHING:
            carry_out(state, told[row], draw_act(state))
        else:
            ask(state, told[row], opens)


def _turn(state: State) -> Any:
    """One command on, into the next stage where this one is over: what an operator asks there, or nothing. The mid moves as the stage wants."""
    counts, plans = state.counts, state.tables.plans
    opens = NOTHING
    if counts[LEFT] == 0:
        counts[STAGE] = (counts[STAGE] + 1) % len(plans)
        counts[LEFT], opens = plans[counts[STAGE], LENGTH], plans[counts[STAGE], OPENS]
    plan = plans[counts[STAGE]]
    counts[LEFT] -= 1
    counts[CARRY] += plan[DRIFT]
    moved = abs(counts[CARRY]) // plan[LENGTH]
    if counts[CARRY] < 0:
        moved = -moved
    counts[AT_MID] += moved
    counts[CARRY] -= moved * plan[LENGTH]
    return opens


def _ask(state: State, command: Int64Array, act: Any) -> None:
    """An operator halts or resumes."""
    for word in range(WORDS):
        command[word] = state.tables.templates[act, word]
    state.counts[HALTED] = act == HALT


def _draw_act(state: State) -> Any:
    """What the next command does; where there is nothing that it could be done to, an order that rests, and in a full book another act."""
    act = one_of(state.random, state.tables.acts[state.counts[STAGE]])
    needs_gone, needs_live = act == CANCEL_AGAIN, BEYOND_COLLAR < act < CANCEL_AGAIN
    if (needs_gone and state.counts[GONE] == 0) or (needs_live and state.book.counts[LIVE] == 0):
        return REST
    if act == REST and state.book.counts[LIVE] >= state.tables.bounds[MOST]:
        return state.tables.bounds[FULL]
    return act


def _carry_out(state: State, command: Int64Array, act: Any) -> None:
    if act == REST:
        stand(state, command)
    elif act <= MARKET:
        aggress(state, command, act)
    elif act == STUFF:
        stuff(state, command)
    elif act <= BEYOND_COLLAR:
        go_to_edge(state, command, act)
    elif act <= USED_ID:
        repeat(state, command, act)
    elif act == MOVE:
        move(state, command)
    elif act == CANCEL:
        cancel(state, command, pick(state))
    elif act == CANCEL_AGAIN:
        cancel_gone(state, command)
    elif act == SWEEP:
        sweep(state, command)


turn = compiled(_turn, inner=True)
ask = compiled(_ask, inner=True)
draw_act = compiled(_draw_act, inner=True)
carry_out = compiled(_carry_out, inner=True)
draw = compiled(_draw)
