"""Making room changes nothing that is judged, and lets go of what nobody needs."""

from __future__ import annotations

import numpy as np
import pytest

from harness.base.capabilities import Conventions, Instrument
from harness.base.records import Command
from harness.oracle.verifier.layout import FREE as UNUSED
from harness.oracle.verifier.layout import GONE, Now
from harness.oracle.verifier.room import roomy
from harness.oracle.verifier.verifier import Verifier
from tests.fakes.every_term import EVERY_CONVENTION, FREE, LIMITED, every_term
from tests.fakes.history import ALL, BUY, SELL, cancel, new, numbered, segments, stop
from tests.fakes.verified import answers


def fed(asked: list[Command], conventions=None, instruments=FREE, size=2**31, between=lambda books: books):
    """The verifier behind the right answers; `between` is done to its books after each segment."""
    rules = conventions or Conventions()
    verifier = Verifier(instruments, rules, ALL)
    for segment in segments(asked, answers(asked, rules, instruments), size):
        assert not verifier.follow(segment).any()
        verifier._books = between(verifier._books)
    return verifier


@pytest.mark.parametrize("seed", range(6))
def test_room_can_be_made_at_any_moment(seed):
    rules = EVERY_CONVENTION[seed::6][-1]
    assert fed(every_term(400, seed), rules, (FREE, LIMITED)[seed % 2], size=1, between=roomy).breaches == []


def test_a_deep_book_grows_and_what_leaves_makes_room_again():
    count = 3_000
    orders = [new(number, BUY, 1 + number % 90, 1) for number in range(1, count)]
    verifier = fed(numbered([*orders, *(cancel(row.order) for row in orders), *orders]), size=64)
    books = verifier._books
    assert 2 * len(orders) > len(books.orders) > len(orders)
    assert np.count_nonzero(books.ids) == len(orders)


def test_what_nobody_needs_is_left_behind():
    """Levels and accounts without orders, and canceled stops, that came and went."""
    rows = []
    for number in range(1, 4_000):
        rows += [new(number, SELL, 100 + number, 1, account=number), cancel(number, account=number)]
        rows += [stop(number, BUY, 5_000 + number, 1), cancel(number)]
    wide = (Instrument(id=1, symbol="WIDE", price_max=10_000),)
    books = fed(numbered(rows), instruments=wide, size=100)._books
    assert [len(table) for table in (books.orders, books.levels, books.groups, books.arena)] == [1024, 512, 256, 1024]
    slim = roomy(books)
    assert np.count_nonzero(slim.levels["listed"]) == np.count_nonzero(slim.groups["key"]) == slim.now[Now.STOPS] == 0
    assert not np.isin(slim.orders["state"], (GONE,)).any()
    assert (slim.orders["state"] == UNUSED).all()


def test_the_books_of_an_instrument_that_is_judged_no_more_are_dropped():
    asked = numbered(
        [
            new(1, SELL, 105, 5),
            new(2, SELL, 105, 5, instrument=2),
            stop(3, BUY, 120, 1),
            stop(4, BUY, 120, 1, instrument=2),
        ]
    )
    books = fed(asked)._books
    books.instruments["stopped"][0] = 1
    slim = roomy(books)
    assert sorted(slim.orders["id"][slim.orders["state"] != UNUSED].tolist()) == [2, 4]
    assert slim.sides["live"].tolist() == [0, 0, 1, 1]
    assert slim.sides["best"].tolist()[:3] == [0, 0, 0]
    assert slim.now[Now.STOPS] == 1


def test_no_instrument_at_all():
    books = roomy(roomy(fed([], instruments=())._books))
    assert (len(books.sides), books.now[Now.TIGHT]) == (0, 0)
