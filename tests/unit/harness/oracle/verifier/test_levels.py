"""The queues hold what joined them, in order, and the best level of a side is always the one at the top of its heap."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.base.capabilities import Conventions
from harness.base.kernels import compiled
from harness.oracle.verifier.layout import Now
from harness.oracle.verifier.levels import join, leave
from harness.oracle.verifier.room import roomy
from harness.oracle.verifier.setting import books_of
from tests.fakes.every_term import FREE
from tests.fakes.history import ALL


def _join(books, row, side, price):
    books.orders[row]["side"] = side
    join(books, row, price)


def _leave(books, row):
    leave(books, row)


put, take = compiled(_join), compiled(_leave)
steps = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 3), st.integers(-4, 4)), max_size=120)


def queue(books, level):
    """The orders of a level, from its front and, turned round, from its back."""
    forth, row = [], int(books.levels[level]["head"])
    while row:
        forth.append(row)
        row = int(books.orders[row]["next"])
    back, row = [], int(books.levels[level]["tail"])
    while row:
        back.append(row)
        row = int(books.orders[row]["prev"])
    assert back == forth[::-1]
    return forth


@settings(deadline=None)
@given(steps)
def test_the_best_level_and_its_queue(steps):
    books, where, queues = roomy(books_of(FREE, Conventions(), ALL)), {}, defaultdict(list)
    for row, side, price in steps:
        if row in where:
            take(books, row)
            queues[where.pop(row)].remove(row)
        else:
            put(books, row, side, price)
            where[row] = side, price
            queues[side, price].append(row)
        for each in range(4):
            prices = [at for (of, at), rows in queues.items() if of == each and rows]
            best = int(books.sides[each]["best"])
            if not prices:
                assert best == 0
                continue
            wanted = min(prices) if each & 1 else max(prices)
            assert (books.levels[best]["price"], queue(books, best)) == (wanted, queues[each, wanted])


def test_a_heap_that_is_full_moves_and_then_asks_for_room():
    books = roomy(books_of(FREE, Conventions(), ALL))
    arena, start = len(books.arena), int(books.heaps[0]["start"])
    row = 0
    while not books.now[Now.TIGHT]:
        row += 1
        put(books, row, 0, row)
    assert books.heaps[0]["start"] != start
    assert books.heaps[0]["count"] == row == books.heaps[0]["room"] or books.now[Now.LEVELS] == len(books.levels)
    assert books.levels[books.sides[0]["best"]]["price"] == row
    grown = roomy(books)
    assert len(grown.arena) >= arena
    assert (grown.now[Now.TIGHT], grown.levels[grown.sides[0]["best"]]["price"]) == (0, row)


def test_a_level_that_lost_its_orders_keeps_its_entry_and_takes_orders_again():
    books = roomy(books_of(FREE, Conventions(), ALL))
    for row, price in enumerate((5, 4, 3), 1):
        put(books, row, 0, price)
    take(books, 2)
    put(books, 4, 0, 4)
    assert books.heaps[0]["count"] == 3
    assert np.count_nonzero(books.prices) == 3
    take(books, 1)
    assert books.levels[books.sides[0]["best"]]["price"] == 4
