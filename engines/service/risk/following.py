"""Follows what the engine told: every event gets its stamp, and those that move a sum do."""

from __future__ import annotations

from engines.reference.asked import LOW
from engines.reference.checks import book_of
from engines.reference.layout import State, Words
from engines.reference.machine import ONE, ZERO, Number, S, U
from engines.reference.teller import (
    ACCEPTED,
    CANCELED,
    ENGINE_NS,
    KIND_AT,
    MAKER,
    NEW_ORDER,
    ORDER,
    PRICE,
    QTY,
    REPLACED,
    TRADE,
    WHAT,
    WHO,
)
from engines.service.risk.breakers import note_print
from engines.service.risk.layout import (
    ACCOUNTS,
    COMING_PLACE,
    COMING_VALUED,
    HAS_BREAKERS,
    HOLDER,
    IS_DISABLED,
    OPEN,
    PLACE,
    REPEATS,
    REPEATS_MOST,
    REPEATS_NS,
    SHUT,
    VALUED,
    Ledger,
)
from engines.service.risk.orders import drop_order, enter_order, find_order
from engines.service.risk.sums import open_less, open_more, trade
from engines.service.risk.windows import is_full, note
from harness.base.kernels import compiled

BYTE = U(0xFF)


def _take_lots(ledger: Ledger, row: Number, qty: Number) -> None:
    """So much of an order is open no longer."""
    ledger.order_amounts[row, OPEN] -= qty
    if ledger.order_amounts[row, OPEN] == 0:
        drop_order(ledger, row)


take_lots = compiled(_take_lots, inner=True)


def _on_trade(ledger: Ledger, order_id: Number, price: Number, qty: Number) -> Number:
    """One side of a trade; the place of its order."""
    row = find_order(ledger, order_id)
    place = ledger.orders[row, PLACE]
    trade(ledger, place, qty, ledger.order_amounts[row, VALUED], price)
    take_lots(ledger, row, qty)
    return place


on_trade = compiled(_on_trade, inner=True)


def _on_taken(ledger: Ledger, place: Number, now_ns: Number) -> None:
    """A trade as taker counts for repeated execution, which disables the account."""
    holdings, holders = ledger.holdings, ledger.holders
    holding, column = place >> ONE, U(REPEATS) + (place & ONE)
    holder = U(holdings[holding, HOLDER])
    most = holders[holder, REPEATS_MOST]
    if most != ZERO:
        since_ns = now_ns - ledger.holder_amounts[holder, REPEATS_NS]
        size, count = U(holdings[holding, column + U(2)]), U(holdings[holding, column])
        size = note(ledger.repeats, place, size, count, now_ns, since_ns)
        holdings[holding, column + U(2)] = S(size)
        holdings[holding, column] = S(count + ONE)
        if is_full(ledger.repeats, place, size, count + ONE, most, since_ns):
            ledger.counts[SHUT] += S(ONE - holders[holder, IS_DISABLED])
            holders[holder, IS_DISABLED] = ONE


on_taken = compiled(_on_taken, inner=True)


def _on_replaced(ledger: Ledger, order_id: Number, new_id: Number, price: Number, qty: Number) -> None:
    """All that the order held goes, and what it holds now comes."""
    row = find_order(ledger, order_id)
    place = ledger.orders[row, PLACE]
    open_less(ledger, place, ledger.order_amounts[row, OPEN], ledger.order_amounts[row, VALUED])
    drop_order(ledger, row)
    enter_order(ledger, new_id, place, qty, price)
    open_more(ledger, place, qty, price)


on_replaced = compiled(_on_replaced, inner=True)


def _count(ledger: Ledger, told: Words, at: Number, kind: Number, now_ns: Number) -> None:
    """One event of the engine, where accounts are declared."""
    order_id, price, qty = told[at, ORDER], S(told[at, PRICE]), S(told[at, QTY])
    if kind == ACCEPTED:
        place, valued = U(ledger.counts[COMING_PLACE]), ledger.counts[COMING_VALUED]
        enter_order(ledger, order_id, place, qty, valued)
        open_more(ledger, place, qty, valued)
    elif kind == TRADE:
        on_taken(ledger, on_trade(ledger, order_id, price, qty), now_ns)
        on_trade(ledger, told[at, MAKER], price, qty)
    elif kind == CANCELED:
        row = find_order(ledger, order_id)
        open_less(ledger, ledger.orders[row, PLACE], qty, ledger.order_amounts[row, VALUED])
        take_lots(ledger, row, qty)
    elif kind == REPLACED:
        on_replaced(ledger, order_id, told[at, NEW_ORDER], price, qty)


count = compiled(_count, inner=True)


def _follow(state: State, ledger: Ledger, told: Words, begun: Number, end: Number, now_ns: Number) -> None:
    """The events from one row to another, of one command."""
    at, has_accounts, has_breakers = begun, ledger.counts[ACCOUNTS] != 0, ledger.counts[HAS_BREAKERS] != 0
    while at < end:
        told[at, ENGINE_NS] = now_ns
        at += ONE
    at = begun
    while (has_accounts or has_breakers) and at < end:
        kind = (told[at, WHAT] >> KIND_AT) & BYTE
        if has_accounts:
            count(ledger, told, at, kind, now_ns)
        if has_breakers and kind == TRADE:
            index = book_of(state, told[at, WHO] & LOW, ZERO) >> ONE
            note_print(ledger, index, S(told[at, PRICE]), S(told[at, QTY]), now_ns)
        at += ONE


follow = compiled(_follow, inner=True)
