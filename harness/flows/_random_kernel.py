"""Draws the commands of a random flow: one kernel a batch, a few small ones a command.

Measured on one core of a 2.6 GHz EPYC, batches of 4,096: 15 M commands/s of the flow poisson and 16 M/s of cancel_heavy, where whole
columns by numpy and the named orders in a Python loop gave 0.5 M and 0.3 M. To compile it takes 5 s, to load it 0.3 s.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from harness.base.kernels import compiled
from harness.base.records import COMMAND, Commands, Int64Array
from harness.base.seeds import Seed
from harness.flows import _live
from harness.flows._draws import below, one_of, random_of
from harness.flows._live import (
    FIRST,
    GHOST,
    LAST_LIMITED,
    LAST_STOP,
    LOW,
    empty_bag,
    forget_account,
    forget_traded,
    pick,
    remove,
    room,
)
from harness.flows._random import BAND, LIMITED_STEP, MID, Shape
from harness.flows._random_new import ONE_ACCOUNT, State, begin, draw_instrument, draw_new
from harness.flows._random_tables import (
    ACCOUNTS,
    ALL,
    BASE,
    BEHIND_STOP,
    BITS,
    CANCEL,
    DUPLICATE,
    FIELD,
    FILL,
    HOME,
    KEEP,
    LIMITED,
    MARKETS,
    NAMED,
    NAMES_WHICH,
    NEAR_TICKS,
    NEW_IDS,
    NEWEST_FIRST,
    NOT_OWNER,
    ON_LIMITED,
    ORDER,
    PLACE,
    PRICE,
    QTY,
    REDUCE,
    REPLACE,
    RESTING,
    SIDE_AT,
    STAYS,
    STOP,
    TARGET,
    WAITING,
    WHAT,
    WORD,
    WORDS,
    WRONG,
    tables_of,
)

BATCH = 4_096
"""Commands drawn at once: drawing them holds a running drive up for less than a millisecond."""
LOOKED = 256
"""After so many commands the flow looks anew at what it believes to be live."""
GHOSTS = 2**62
"""Ids from here on were never sent: the orders of cancels that must be refused."""
ROOM = 8
"""The bag holds so many times the orders that the flow aims at; an engine without cancels would let it grow for ever."""


def drawn(
    shape: Shape,
    seed: Seed,
    *,
    markets: int,
    accounts: int,
    resting: int,
    without: tuple[str, ...],
    new_ids: bool = False,
) -> Iterator[Commands]:
    """The commands of a flow in batches without end."""
    tables = tables_of(shape, markets=markets, accounts=accounts, resting=resting, without=without, new_ids=new_ids)
    orders, ends = empty_bag(ROOM * resting)
    orders[:FIRST, _live.ID] = GHOSTS
    orders[:FIRST, _live.HOME] = 1 + ONE_ACCOUNT
    orders[:FIRST, _live.PRICE] = MID - BAND
    orders[:FIRST, _live.QTY] = 1
    state = State(
        tables=tables,
        random=random_of(seed, "orders"), orders=orders, ends=ends, mids=np.full(markets + 1, MID, np.int64),
        edges=np.zeros(len(tables.weights), np.int64), next_id=np.ones(1, np.int64),
    )  # fmt: skip
    while True:
        commands = np.empty(BATCH, COMMAND)
        draw(state, commands.view(np.int64).reshape(BATCH, WORDS))
        yield commands


def _weigh(state: State) -> None:
    """How often each act is drawn from here on. Cancels grow with the book, which keeps it at its size."""
    live = state.ends[_live.COUNT] - FIRST
    fill = min(max(FILL * live // state.tables.limits[RESTING], FILL // 10), 5 * FILL // 2)
    edge = 0
    for act in range(len(state.tables.weights)):
        edge += state.tables.weights[act] * (fill if state.tables.plans[act, PLACE] == NAMED else FILL)
        state.edges[act] = edge


weigh = compiled(_weigh)


def _draw_act(state: State) -> Any:
    drawn, act = below(state.random, state.edges[-1]), 0
    while drawn >= state.edges[act]:
        act += 1
    return state.tables.instead[act]


draw_act = compiled(_draw_act)


def _write(state: State, told: Int64Array, row: Any, at: Any, waits: Any) -> None:
    """Remember the row's order at a place of the bag."""
    order = state.orders[at]
    order[_live.ID] = told[row, ORDER]
    order[_live.PRICE] = told[row, STOP] if waits else told[row, PRICE]
    order[_live.QTY] = told[row, QTY]
    order[_live.HOME] = told[row, HOME]
    order[_live.SIDE] = told[row, WHAT] >> SIDE_AT
    order[_live.WAITS] = waits


write = compiled(_write)


def _remember(state: State, told: Int64Array, row: Any, act: Any) -> None:
    waits = 1 if state.tables.plans[act, PLACE] == BEHIND_STOP else 0
    write(state, told, row, room(state.orders, state.ends), waits)
    if waits:
        write(state, told, row, LAST_STOP, waits)
    elif told[row, HOME] & LOW == state.tables.limits[MARKETS]:
        write(state, told, row, LAST_LIMITED, waits)


remember = compiled(_remember)


def _name(state: State, told: Int64Array, row: Any, act: Any, at: Any) -> None:
    """A cancel or replace of the order at this place of the bag; a cancel's own order id is its target's, as nothing new comes of it."""
    order = state.orders[at]
    if at == GHOST:
        order[_live.ID] += 1
    begin(state, told, row, act)
    told[row, TARGET] = told[row, ORDER] = order[_live.ID]
    told[row, HOME] = order[_live.HOME]
    told[row, WHAT] |= order[_live.SIDE] << SIDE_AT
    if act == REPLACE:
        step = LIMITED_STEP if told[row, HOME] & LOW == state.tables.limits[MARKETS] else 1
        told[row, PRICE] = order[_live.PRICE] + step * one_of(state.random, state.tables.moves)
        told[row, QTY] = one_of(state.random, state.tables.quantities)


name = compiled(_name)


def _change(state: State, told: Int64Array, row: Any, act: Any) -> None:
    """Cancel an order that is believed to be live, or a part of it, or replace it; a stop that waits can only be canceled."""
    at = pick(state.ends, state.random, state.tables.limits[NEWEST_FIRST])
    if act == REPLACE and state.orders[at, _live.WAITS]:
        act = CANCEL
    name(state, told, row, act, at)
    if at == GHOST:
        return
    if act == REDUCE:
        told[row, QTY] = 1 + below(state.random, state.orders[at, _live.QTY])
        state.orders[at, _live.QTY] -= told[row, QTY]
    if act == REPLACE:
        if below(state.random, 2) or state.tables.limits[NEW_IDS]:
            told[row, ORDER] = state.next_id[0] + row
        remove(state.orders, state.ends, at)
        write(state, told, row, room(state.orders, state.ends), 0)
    elif act == CANCEL or state.orders[at, _live.QTY] == 0:
        remove(state.orders, state.ends, at)


change = compiled(_change)


def _cancel_all(state: State, told: Int64Array, row: Any, act: Any) -> None:
    account = 1 + below(state.random, state.tables.limits[ACCOUNTS])
    begin(state, told, row, act)
    told[row, HOME] = ONE_ACCOUNT * account
    forget_account(state.orders, state.ends, account)


cancel_all = compiled(_cancel_all)


def _wrong_one(state: State, which: Any) -> Any:
    """The place of the order that a mistake names."""
    if which == NOT_OWNER:
        return pick(state.ends, state.random, 0)
    if which == WAITING:
        return LAST_STOP
    return LAST_LIMITED if which == LIMITED else GHOST


wrong_one = compiled(_wrong_one)


def _err(state: State, told: Int64Array, row: Any) -> None:
    """Make one of the mistakes."""
    mistake = state.tables.mistakes[below(state.random, len(state.tables.mistakes))]
    act, which = mistake[BASE], mistake[NAMES_WHICH]
    if which in (FIELD, DUPLICATE):
        limited = mistake[ON_LIMITED]
        draw_new(state, told, row, act, state.tables.limits[MARKETS] if limited else draw_instrument(state))
    else:
        name(state, told, row, act, wrong_one(state, which))
    if which == DUPLICATE:
        told[row, ORDER] = state.orders[pick(state.ends, state.random, 0), _live.ID]
    elif which == NOT_OWNER:
        told[row, HOME] += ONE_ACCOUNT
    told[row, mistake[WORD]] = (told[row, mistake[WORD]] & mistake[KEEP]) | mistake[BITS]


err = compiled(_err)


def _draw(state: State, told: Int64Array) -> None:
    """Fill all rows with commands."""
    for row in range(len(told)):
        if row % LOOKED == 0:
            newest = state.next_id[0] + row
            forget_traded(state.orders, state.ends, state.mids, state.tables.limits[NEAR_TICKS], newest)
            weigh(state)
        act = draw_act(state)
        place = state.tables.plans[act, PLACE]
        if place == NAMED:
            change(state, told, row, act)
        elif place == ALL:
            cancel_all(state, told, row, act)
        elif place == WRONG:
            err(state, told, row)
        else:
            draw_new(state, told, row, act, draw_instrument(state))
            if state.tables.plans[act, STAYS]:
                remember(state, told, row, act)
    state.next_id[0] += len(told)


draw = compiled(_draw)
