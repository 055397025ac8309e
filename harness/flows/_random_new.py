"""Draws the new orders of a random flow: a template of the act, and the few words that chance fills in."""

from __future__ import annotations

from typing import Any, NamedTuple

from harness.base.kernels import compiled
from harness.base.records import Int64Array
from harness.flows._draws import Random, below, one_of
from harness.flows._random import BAND, LIMITED_STEP, MID
from harness.flows._random_tables import (
    ACCOUNTS,
    BEHIND_STOP,
    CHANCE,
    CROSS,
    HAS_LEAST,
    HAS_PRICE,
    HOME,
    LEAST,
    MARKETS,
    ORDER,
    PLACE,
    PRICE,
    QTY,
    REST,
    SIDE_AT,
    STEP_CHANCE,
    STOP,
    WHAT,
    WORDS,
    Tables,
)

ONE_ACCOUNT = 2**32
"""What an account adds to the word that holds it and the instrument."""


class State(NamedTuple):
    """What one run of a flow knows. Mids are by instrument."""

    tables: Tables
    random: Random
    orders: Int64Array
    ends: Int64Array
    mids: Int64Array
    edges: Int64Array
    """The weights of the acts, added up."""
    next_id: Int64Array


def _begin(state: State, told: Int64Array, row: Any, act: Any) -> None:
    for word in range(WORDS):
        told[row, word] = state.tables.templates[act, word]


begin = compiled(_begin)


def _draw_mid(state: State, instrument: Any) -> Any:
    """The instrument's mid at its next command: a random walk, reflected at the ends of its band."""
    mid = state.mids[instrument]
    chance = below(state.random, CHANCE)
    if chance < state.tables.limits[STEP_CHANCE]:
        step = 1 - 2 * (chance & 1)
        mid += step if abs(mid + step - MID) <= BAND else -step
        state.mids[instrument] = mid
    return mid


draw_mid = compiled(_draw_mid)


def _on_step(state: State, instrument: Any, toward: Any, price: Any) -> Any:
    """The price, or on the limited instrument the next multiple of its step that is no better for the other side."""
    if instrument != state.tables.limits[MARKETS]:
        return price
    return price - toward * ((toward * price) % LIMITED_STEP)


on_step = compiled(_on_step)


def _draw_instrument(state: State) -> Any:
    """The first of the markets has half of the flow."""
    markets = state.tables.limits[MARKETS]
    if markets > 1 and below(state.random, 2) == 1:
        return 2 + below(state.random, markets - 1)
    return 1


draw_instrument = compiled(_draw_instrument)


def _draw_new(state: State, told: Int64Array, row: Any, act: Any, instrument: Any) -> None:
    """A new order of the act, under an id of its own."""
    random, plan, limits = state.random, state.tables.plans[act], state.tables.limits
    begin(state, told, row, act)
    side = below(random, 2)
    mid, toward = draw_mid(state, instrument), 1 - 2 * side
    told[row, ORDER] = state.next_id[0] + row
    told[row, HOME] = instrument + ONE_ACCOUNT * (1 + below(random, limits[ACCOUNTS]))
    told[row, WHAT] |= side << SIDE_AT
    told[row, QTY] = one_of(random, state.tables.quantities)
    price = mid
    if plan[PLACE] == REST:
        price = mid - toward * one_of(random, state.tables.depths)
    elif plan[PLACE] == CROSS:
        price = mid + toward * one_of(random, state.tables.reaches)
    elif plan[PLACE] == BEHIND_STOP:
        told[row, STOP] = mid + toward * one_of(random, state.tables.depths)
        price = told[row, STOP] + toward * (one_of(random, state.tables.reaches) - 2)
    if plan[HAS_PRICE]:
        told[row, PRICE] = on_step(state, instrument, toward, price)
    if plan[HAS_LEAST]:
        told[row, LEAST] = 1 + below(random, told[row, QTY])


draw_new = compiled(_draw_new)
