"""The tables of words find what was put in, and nothing that was taken out, also where tags collide."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.base.capabilities import Conventions, Instrument
from harness.base.kernels import compiled
from harness.oracle.verifier import ids
from harness.oracle.verifier.layout import LEVEL, ORDER
from harness.oracle.verifier.room import roomy
from harness.oracle.verifier.setting import books_of
from tests.fakes.history import ALL


def _find(books, order):
    return ids.find_order(books, order)


def _add(books, row):
    ids.add_order(books, row)


def _remove(books, row):
    ids.remove_order(books, row)


def _instrument(books, number):
    return ids.find_instrument(books, number)


def _level(prices, levels, side, price):
    return ids.find_level(prices, levels, side, price)


def _put_level(prices, side, price, row):
    ids.put(prices, ids.tag(price, side + 1), row)


def _tag(key):
    return ids.tag(key, 0)


find, add, remove, instrument = compiled(_find), compiled(_add), compiled(_remove), compiled(_instrument)
level, put_level, tag = compiled(_level), compiled(_put_level), compiled(_tag)


def small_books(rows):
    """Books whose table of ids has 32 slots for up to 15 orders."""
    return books_of([], Conventions(), ALL)._replace(orders=np.zeros(rows, ORDER), ids=np.zeros(32, np.int64))


# Neighbours share a line, multiples of 8 the place in it, and the large ones most bits of the hash.
some_ids = st.one_of(
    st.integers(1, 20), st.integers(1, 20).map(lambda n: 8 * n), st.integers(-3, 3).map(lambda n: 2**61 * n + 5)
)


@settings(deadline=None)
@given(st.lists(some_ids, max_size=80))
def test_an_order_is_found_from_when_it_is_added_until_it_is_removed(touched):
    books, rows = small_books(16), {}
    for order in touched:
        if order in rows:
            remove(books, rows.pop(order))
        elif len(rows) < 15:
            row = next(row for row in range(1, 16) if row not in rows.values())
            books.orders[row]["id"] = order
            add(books, row)
            rows[order] = row
        assert {order: find(books, order) for order in set(touched)} == {
            order: rows.get(order, 0) for order in set(touched)
        }
    assert np.count_nonzero(books.ids) == len(rows)


@settings(deadline=None)
@given(
    st.sets(
        st.tuples(st.integers(0, 5), st.one_of(st.integers(-20, 20), st.sampled_from([2**62, -(2**62)]))), max_size=15
    )
)
def test_a_level_is_found_by_its_side_and_price(keys):
    prices, levels = np.zeros(32, np.int64), np.zeros(16, LEVEL)
    for row, (side, price) in enumerate(sorted(keys), 1):
        levels[row]["side"], levels[row]["price"] = side, price
        put_level(prices, side, price, row)
    for row, (side, price) in enumerate(sorted(keys), 1):
        assert level(prices, levels, side, price) == row
        assert (side + 6, price) in keys or level(prices, levels, side + 6, price) == 0


def test_an_instrument_has_its_place_whatever_its_number():
    numbers = [7, 4_000_000_000, 8, 16, 24, 1]
    books = roomy(books_of([Instrument(id=number, symbol=str(number)) for number in numbers], Conventions(), ALL))
    assert [instrument(books, number) for number in numbers] == [0, 1, 2, 3, 4, 5]
    assert instrument(books, 9) == -1


def test_ids_that_follow_one_another_share_a_line_of_the_cache():
    """That is what makes a book of a million orders twice as fast: new orders mostly have the next id."""
    tags = [tag(key) for key in range(8, 4_008)]
    assert len({tag >> 3 for tag in tags}) == 500
    assert [tag & 7 for tag in tags[:8]] == list(range(8))


def test_two_ids_of_one_tag_are_told_apart():
    keys = 8 * np.random.default_rng(1).integers(1, 2**50, 200_000)
    tags = np.array([tag(key) for key in keys])
    order = np.argsort(tags, kind="stable")
    twins = [keys[order[[at, at + 1]]].tolist() for at in np.flatnonzero(np.diff(tags[order]) == 0)]
    assert twins, "32 bits of hash do not tell so many ids apart"
    for one, other in twins[:5]:
        books = small_books(16)
        books.orders["id"][[1, 2]] = one, other
        add(books, 1)
        assert (find(books, one), find(books, other)) == (1, 0)
        add(books, 2)
        assert (find(books, one), find(books, other)) == (1, 2)
        remove(books, 2)
        assert (find(books, one), find(books, other)) == (1, 0)
