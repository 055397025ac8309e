"""Live orders take a row and give it back, and are counted by side and account."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.base.capabilities import Conventions
from harness.base.kernels import compiled
from harness.oracle.verifier.layout import FREE as UNUSED
from harness.oracle.verifier.layout import GONE, WAITING, Now
from harness.oracle.verifier.live import begin, end, give_back, live_of
from harness.oracle.verifier.room import roomy
from harness.oracle.verifier.setting import ORDERS, books_of
from tests.fakes.every_term import FREE
from tests.fakes.history import ALL


def _begin(books, order, side, account):
    taker = books.taker[0]
    taker["id"], taker["side"], taker["account"] = order, side, account
    return begin(books)


def _end(books, row):
    end(books, row)


def _live(books, side, account):
    return live_of(books, side, account)


def _give_back(books, row):
    give_back(books, row)


start, stop, live, free = compiled(_begin), compiled(_end), compiled(_live), compiled(_give_back)
accounts = st.sampled_from([0, 1, 2, 2**32 - 1])


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 15), st.integers(0, 3), accounts), max_size=80))
def test_orders_are_counted_by_side_and_account(steps):
    books, rows, owners = roomy(books_of(FREE, Conventions(), ALL)), {}, {}
    for order, side, account in steps:
        if order in rows:
            stop(books, rows.pop(order))
            del owners[order]
        else:
            rows[order], owners[order] = start(books, order, side, account), (side, account)
        counts = Counter(owners.values())
        for one in range(4):
            assert live(books, one, 0) == sum(of == one for of, _ in owners.values())
            for whose in (1, 2, 2**32 - 1):
                assert live(books, one, whose) == counts[one, whose]
    assert len({*rows.values()}) == len(rows)


def test_the_last_row_asks_for_room():
    books = roomy(books_of(FREE, Conventions(), ALL))
    for order in range(1, ORDERS - 1):
        start(books, order, 0, 1)
        assert not books.now[Now.TIGHT]
    start(books, ORDERS, 0, 1)
    assert books.now[Now.TIGHT]


def test_the_row_of_a_stop_stays_until_its_entry_is_gone():
    books = roomy(books_of(FREE, Conventions(), ALL))
    row = start(books, 7, 0, 1)
    books.orders[row]["state"] = WAITING
    stop(books, row)
    assert (books.orders[row]["state"], live(books, 0, 1)) == (GONE, 0)
    assert start(books, 8, 0, 1) != row
    free(books, row)
    assert books.orders[row]["state"] == UNUSED
    assert start(books, 9, 0, 1) == row
