"""The table of open orders is a dictionary, however many there are and whatever their ids."""

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.reference.machine import S, U
from engines.service.risk.building import build
from engines.service.risk.layout import FIRST_HEAD_BITS, HEAD_BITS, OPEN, OPEN_ORDERS, PLACE, USED_ORDERS, VALUED
from engines.service.risk.orders import drop_order, enter_order, find_order
from harness.base.capabilities import Instrument
from harness.base.controls import AccountControls, Controls

ONE = (Instrument(id=1, symbol="ONE"),)
ids = st.one_of(st.integers(1, 40), st.integers(1, 2**64 - 1), st.integers(1, 40).map(lambda number: number << 32))


def ledger_of(orders):
    return build(ONE, Controls(accounts=(AccountControls(account=1),)), orders)


def row_of(ledger, order_id):
    row = find_order(ledger, U(order_id))
    return None if row == 0 else tuple(int(ledger.order_amounts[row, column]) for column in (PLACE, OPEN, VALUED))


@settings(deadline=None)
@given(st.lists(st.tuples(ids, st.integers(1, 9)), max_size=120))
def test_what_comes_and_goes(steps):
    ledger, held = ledger_of(200), {}
    for order_id, qty in steps:
        if order_id in held:
            drop_order(ledger, find_order(ledger, U(order_id)))
            del held[order_id]
        else:
            enter_order(ledger, U(order_id), U(qty), S(qty), S(-qty))
            held[order_id] = (qty, qty, -qty)
        assert row_of(ledger, order_id) == held.get(order_id)
    assert {order_id: row_of(ledger, order_id) for order_id in held} == held
    assert ledger.counts[OPEN_ORDERS] == len(held)


def test_it_grows_and_uses_its_rows_again():
    count = 4_000
    ledger, ids = ledger_of(count), random.Random(1).sample(range(1, 2**63), count)
    for again in range(2):
        for order_id in ids:
            enter_order(ledger, U(order_id), U(2), S(order_id), S(again))
        assert ledger.counts[HEAD_BITS] == FIRST_HEAD_BITS + 2
        assert np.count_nonzero(ledger.heads) > count // 2, "they are spread over the chains"
        assert all(row_of(ledger, order_id) == (2, order_id, again) for order_id in ids)
        for order_id in ids:
            drop_order(ledger, find_order(ledger, U(order_id)))
    assert (ledger.counts[OPEN_ORDERS], ledger.counts[USED_ORDERS]) == (0, count)
    assert not ledger.heads.any()
