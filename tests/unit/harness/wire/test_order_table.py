"""The table of orders holds what was entered, however full it was and whatever the ids are."""

import numpy as np

from harness.wire.order_table import LEAST, Orders, enter, find

STRANGE = [1, 2, LEAST, LEAST + 1, 2**32, 2**63, 2**63 + 1, 2**64 - 1]


def known(orders, order):
    at = find(orders.table, np.uint64(order))
    return int(orders.table.known[at]) if int(orders.table.ids[at]) == order else None


def entered(ids):
    orders = Orders()
    for value, order in enumerate(ids):
        orders.make_room(1)
        enter(orders.table, np.uint64(order), np.int64(value))
    return orders


def test_what_was_entered_is_found_and_nothing_else():
    orders = entered(STRANGE)
    assert [known(orders, order) for order in STRANGE] == [*range(len(STRANGE))]
    assert known(orders, 3) is None
    assert known(orders, 2**63 + 2) is None


def test_it_grows_and_keeps_all():
    ids = [int(one) for one in np.random.default_rng(5).integers(1, 2**63, 5 * LEAST)]
    orders = entered(ids)
    assert [known(orders, order) for order in ids] == [*range(len(ids))]
    assert len(orders.table.ids) >= 2 * len(ids)


def test_room_for_many_at_once_is_made_once():
    orders = Orders()
    orders.make_room(10 * LEAST)
    table = orders.table
    orders.make_room(10 * LEAST)
    assert orders.table is table
