"""What a new order or a replace would add to the sums, for those that could become an order; the engine refuses the others."""

from __future__ import annotations

from typing import Any, NamedTuple

from engines.reference.asked import (
    ABSENT,
    BYTE,
    HOME,
    LIMIT,
    MARKET,
    PRICE,
    QTY,
    SIDE_AT,
    STOP,
    STOP_LIMIT,
    STOPS,
    TARGET,
    TERMS_AT,
    WHAT,
    Asked,
)
from engines.reference.checks import is_waiting, side_of
from engines.reference.ids import SLOT, find
from engines.reference.layout import (
    BOOK,
    COUNTS_TRADED,
    LAST_PRICE,
    OPEN,
    PRICE_MAX,
    PRICE_MIN,
    QTY_MAX,
    QTY_MIN,
    TRADED,
    State,
)
from engines.reference.layout import HOME as ORDER_HOME
from engines.reference.layout import PRICE as ORDER_PRICE
from engines.reference.machine import ONE, ZERO, Number, S, U
from harness.base.kernels import compiled

NOTHING = S(0)


class Coming(NamedTuple):
    """An order as the controls see it: what it adds, and what a replace takes away before."""

    is_order: Any
    side: Any
    limit: Any
    """Its limit price, absent where it has none."""
    qty: Any
    """As the command says it."""
    lots: Any
    """What would be open of it."""
    valued: Any
    held_lots: Any
    held_valued: Any


def _is_within(state: State, index: Number, price: Number) -> Number:
    return state.bounds[index, PRICE_MIN] <= price <= state.bounds[index, PRICE_MAX]


is_within = compiled(_is_within, inner=True)


def _valued_price(state: State, index: Number, kind: Number, price: Number, stop: Number) -> Number:
    """The limit where there is one, the stop price of a stop, for a market order the last trade, or 0 before there is one."""
    valued = price
    if kind == MARKET:
        last = state.bounds[index, LAST_PRICE]
        valued = NOTHING if last == ABSENT else last
    elif kind == STOPS:
        valued = stop
    return valued


valued_price = compiled(_valued_price, inner=True)


def _new_of(state: State, asked: Asked, row: Number, index: Number) -> Coming:
    """A new order, if instrument, side and type are known, and quantity and prices within the bounds."""
    amounts, what = asked.amounts, asked.words[row, WHAT]
    kind, side = (what >> TERMS_AT) & BYTE, what >> SIDE_AT
    price, stop, qty = amounts[row, PRICE], amounts[row, STOP], amounts[row, QTY]
    if index >= U(state.bounds.shape[0]) or side > ONE or kind - ONE >= U(4):
        return Coming(False, side, price, qty, qty, price, NOTHING, NOTHING)
    has_limit = kind in (LIMIT, STOP_LIMIT)
    is_order = (
        state.bounds[index, QTY_MIN] <= qty <= state.bounds[index, QTY_MAX]
        and (not has_limit or is_within(state, index, price))
        and (kind < STOPS or is_within(state, index, stop))
    )
    limit = price if has_limit else ABSENT
    return Coming(
        is_order, side, limit, qty, qty, valued_price(state, index, kind, price, stop), NOTHING, NOTHING
    )  # fmt: skip


new_of = compiled(_new_of, inner=True)


def _replace_of(state: State, asked: Asked, row: Number, index: Number) -> Coming:
    """A replace, if it names a resting order of the account on the instrument, and its quantity and price lie within the bounds."""
    price, qty = asked.amounts[row, PRICE], asked.amounts[row, QTY]
    slot = state.ids[find(state, asked.words[row, TARGET])] & SLOT
    book = U(state.parts[slot, BOOK])
    if slot == ZERO or state.words[slot, ORDER_HOME] != asked.words[row, HOME] or is_waiting(state, book):
        return Coming(False, ZERO, price, qty, qty, price, NOTHING, NOTHING)
    lots = qty
    if state.counts[COUNTS_TRADED] != 0 and qty > 0:
        lots -= state.amounts[slot, TRADED]
    is_order = (
        state.bounds[index, QTY_MIN] <= qty <= state.bounds[index, QTY_MAX]
        and lots > 0
        and is_within(state, index, price)
    )
    held_lots, held_valued = state.amounts[slot, OPEN], state.amounts[slot, ORDER_PRICE]
    return Coming(is_order, side_of(state, book), price, qty, lots, price, held_lots, held_valued)


replace_of = compiled(_replace_of, inner=True)
