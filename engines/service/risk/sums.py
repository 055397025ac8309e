"""Positions, open lots, exposure and cash: how one event changes them, for the account and for its firm."""

from __future__ import annotations

from typing import Any

from engines.reference.layout import LAST_PRICE, State
from engines.reference.machine import ONE, ZERO, Number, U
from engines.service.risk.layout import (
    AT_FIRM,
    EXPOSURE,
    FIRST_TRADED,
    HOLDER,
    LAST_OF_LIST,
    NEXT_TRADED,
    OPEN_LOTS,
    PAID,
    PAID_LOW,
    POSITION,
    Ledger,
)
from engines.service.risk.wide import add_to, minus, plus, take_from, value_of
from harness.base.kernels import compiled

LOTS = U(OPEN_LOTS)


def _open_more(ledger: Ledger, place: Number, qty: Number, valued: Number) -> None:
    """So many more lots are open."""
    holdings, holding, side = ledger.holdings, place >> ONE, place & ONE
    high, low = value_of(valued, qty)
    for one in (holding, U(holdings[holding, AT_FIRM])):
        holdings[one, LOTS + side] += qty
        add_to(ledger.holders, U(holdings[one, HOLDER]), EXPOSURE, high, low)


def _open_less(ledger: Ledger, place: Number, qty: Number, valued: Number) -> None:
    """So many lots went without a trade."""
    holdings, holding, side = ledger.holdings, place >> ONE, place & ONE
    high, low = value_of(valued, qty)
    for one in (holding, U(holdings[holding, AT_FIRM])):
        holdings[one, LOTS + side] -= qty
        take_from(ledger.holders, U(holdings[one, HOLDER]), EXPOSURE, high, low)


open_more = compiled(_open_more, inner=True)
open_less = compiled(_open_less, inner=True)


def _trade(ledger: Ledger, place: Number, qty: Number, valued: Number, price: Number) -> None:
    """So many open lots became a position, at a price that is not always the one that they were valued at."""
    holdings, holders, holding, side = ledger.holdings, ledger.holders, place >> ONE, place & ONE
    bought = qty if side == ZERO else -qty
    high, low = value_of(price, qty)
    for one in (holding, U(holdings[holding, AT_FIRM])):
        holdings[one, LOTS + side] -= qty
        holdings[one, POSITION] += bought
        if price != valued:
            was_high, was_low = value_of(valued, qty)
            add_to(holders, U(holdings[one, HOLDER]), EXPOSURE, high, low)
            take_from(holders, U(holdings[one, HOLDER]), EXPOSURE, was_high, was_low)
    holder = U(holdings[holding, HOLDER])
    if (price < 0) == (bought < 0):
        add_to(holders, holder, PAID, high, low)
    else:
        take_from(holders, holder, PAID, high, low)
    if holdings[holding, NEXT_TRADED] == 0:
        first = ledger.holder_amounts[holder, FIRST_TRADED]
        holdings[holding, NEXT_TRADED] = first if first != 0 else LAST_OF_LIST
        holders[holder, FIRST_TRADED] = holding


trade = compiled(_trade, inner=True)


def _loss_of(state: State, ledger: Ledger, holder: Number) -> tuple[Any, Any]:
    """What the account paid for what it has, less what that is worth at the last trades; with a sign."""
    holdings = ledger.holdings
    first = holder * U(ledger.watched.shape[0])
    high, low = ledger.holders[holder, PAID], ledger.holders[holder, PAID_LOW]
    holding = ledger.holder_amounts[holder, FIRST_TRADED]
    while holding > 0:
        position = holdings[U(holding), POSITION]
        last = state.bounds[U(holding) - first, LAST_PRICE]
        worth_high, worth_low = value_of(last, position)
        if (last < 0) == (position < 0):
            high, low = minus(high, low, worth_high, worth_low)
        else:
            high, low = plus(high, low, worth_high, worth_low)
        holding = holdings[U(holding), NEXT_TRADED]
    return high, low


loss_of = compiled(_loss_of, inner=True)
