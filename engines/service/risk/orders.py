"""The open orders of accounts: whose they are and how they are valued, which an event about a resting order does not tell.

A hash table with chains, which grows with the orders: a shallow book stays in the nearest cache.
"""

from __future__ import annotations

from engines.reference.ids import hash_of
from engines.reference.machine import ONE, ZERO, Number, S, U
from engines.service.risk.layout import (
    FREE_ORDER,
    HEAD_BITS,
    NEXT_ORDER,
    OPEN,
    OPEN_ORDERS,
    ORDER_ID,
    PLACE,
    USED_ORDERS,
    VALUED,
    Ledger,
)
from harness.base.kernels import compiled

HASH_BITS = U(32)


def _head_of(ledger: Ledger, order_id: Number) -> Number:
    return hash_of(order_id) >> (HASH_BITS - U(ledger.counts[HEAD_BITS]))


head_of = compiled(_head_of, inner=True)


def _find_order(ledger: Ledger, order_id: Number) -> Number:
    """The row of an open order, 0 where there is none."""
    row = U(ledger.heads[head_of(ledger, order_id)])
    while row != ZERO and ledger.orders[row, ORDER_ID] != order_id:
        row = ledger.orders[row, NEXT_ORDER]
    return row


find_order = compiled(_find_order, inner=True)


def _enter_order(ledger: Ledger, order_id: Number, place: Number, qty: Number, valued: Number) -> None:
    """One more open order. There is room: no more are open than the engine holds, and the one at hand."""
    counts, orders = ledger.counts, ledger.orders
    row = U(counts[FREE_ORDER])
    if row != ZERO:
        counts[FREE_ORDER] = S(orders[row, NEXT_ORDER])
    else:
        counts[USED_ORDERS] += 1
        row = U(counts[USED_ORDERS])
    orders[row, ORDER_ID] = order_id
    orders[row, PLACE] = place
    ledger.order_amounts[row, OPEN] = qty
    ledger.order_amounts[row, VALUED] = valued
    counts[OPEN_ORDERS] += 1
    if counts[OPEN_ORDERS] > ONE_S << counts[HEAD_BITS] and ONE_S << counts[HEAD_BITS] < ledger.heads.shape[0]:
        grow(ledger)
    else:
        chain(ledger, row)


ONE_S = S(1)


def _chain(ledger: Ledger, row: Number) -> None:
    head = head_of(ledger, ledger.orders[row, ORDER_ID])
    ledger.orders[row, NEXT_ORDER] = U(ledger.heads[head])
    ledger.heads[head] = row


chain = compiled(_chain, inner=True)


def _grow(ledger: Ledger) -> None:
    """Use twice as many chains."""
    ledger.counts[HEAD_BITS] += 1
    ledger.heads[: ONE_S << ledger.counts[HEAD_BITS]] = ZERO
    row = ONE
    while row <= U(ledger.counts[USED_ORDERS]):
        if ledger.order_amounts[row, OPEN] > 0:
            chain(ledger, row)
        row += ONE


grow = compiled(_grow)
enter_order = compiled(_enter_order, inner=True)


def _drop_order(ledger: Ledger, row: Number) -> None:
    """An order is open no longer."""
    orders = ledger.orders
    head = head_of(ledger, orders[row, ORDER_ID])
    after = orders[row, NEXT_ORDER]
    before = U(ledger.heads[head])
    if before == row:
        ledger.heads[head] = after
    else:
        while orders[before, NEXT_ORDER] != row:
            before = orders[before, NEXT_ORDER]
        orders[before, NEXT_ORDER] = after
    ledger.order_amounts[row, OPEN] = 0
    orders[row, NEXT_ORDER] = U(ledger.counts[FREE_ORDER])
    ledger.counts[FREE_ORDER] = S(row)
    ledger.counts[OPEN_ORDERS] -= 1


drop_order = compiled(_drop_order, inner=True)
