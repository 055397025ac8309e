"""The book that a flow keeps: first in, first out, the best price first, and slots that are used again."""

import pytest

from harness.flows._kept_book import (
    BUY,
    FIRST_SLOTS,
    ID,
    LAST,
    LIVE,
    SELL,
    TRADED,
    USED,
    empty_book,
    front,
    is_empty,
    join,
    meet,
    remove,
    roomy,
    trade,
)


def in_front(book, side):
    return int(book.orders[front(book, side), ID])


@pytest.mark.parametrize(("side", "better", "worse"), [(BUY, 101, 100), (SELL, 100, 101)])
def test_the_best_price_is_in_front_and_at_one_price_the_first(side, better, worse):
    book = empty_book()
    assert is_empty(book, side)
    for number, tick in ((1, worse), (2, better), (3, better)):
        join(book, side, tick, number, 5)
    assert (in_front(book, side), is_empty(book, 1 - side)) == (2, True)
    trade(book, front(book, side), 5)
    assert in_front(book, side) == 3
    trade(book, front(book, side), 5)
    assert in_front(book, side) == 1


def test_an_order_that_traded_in_part_stays_in_front_and_is_marked():
    book = empty_book()
    for number in (1, 2):
        join(book, BUY, 100, number, 5)
    trade(book, front(book, BUY), 4)
    assert in_front(book, BUY) == 1
    assert book.orders[front(book, BUY), TRADED] == 1


@pytest.mark.parametrize("gone", [1, 2, 3])
def test_its_neighbours_close_up_when_an_order_goes(gone):
    book = empty_book()
    slots = {number: join(book, SELL, 100, number, 5) for number in (1, 2, 3)}
    remove(book, slots[gone])
    left = []
    while not is_empty(book, SELL):
        left.append(in_front(book, SELL))
        trade(book, front(book, SELL), 5)
    assert left == [number for number in (1, 2, 3) if number != gone]


@pytest.mark.parametrize(("side", "better", "worse"), [(SELL, 101, 100), (BUY, 100, 101)])
def test_an_order_meets_the_other_side_as_far_as_its_price_reaches(side, better, worse):
    book = empty_book()
    for number, tick in ((1, better), (2, better), (3, worse)):
        join(book, 1 - side, tick, number, 5)
    assert meet(book, side, better, 7) == 0
    assert (in_front(book, 1 - side), book.counts[LAST]) == (2, better)
    assert meet(book, side, better, 7) == 4
    assert (in_front(book, 1 - side), book.counts[LAST]) == (3, better)
    assert meet(book, side, worse, 7) == 2
    assert (is_empty(book, 1 - side), book.counts[LAST], book.counts[LIVE]) == (True, worse, 0)


def test_a_slot_is_used_again_and_its_order_has_not_traded():
    book = empty_book()
    slot = join(book, BUY, 100, 1, 5)
    trade(book, slot, 2)
    remove(book, slot)
    assert join(book, BUY, 90, 2, 5) == slot
    assert (book.orders[slot, TRADED], book.counts[LIVE], book.counts[USED]) == (0, 1, 1)


def test_it_grows_before_it_is_full_and_keeps_its_orders():
    book = empty_book()
    for number in range(1, FIRST_SLOTS):
        join(book, BUY, 100, number, 5)
    book = roomy(book, FIRST_SLOTS)
    for number in range(FIRST_SLOTS, 2 * FIRST_SLOTS):
        join(book, BUY, 100, number, 5)
    seen = 0
    while not is_empty(book, BUY):
        seen += 1
        assert in_front(book, BUY) == seen
        trade(book, front(book, BUY), 5)
    assert seen == 2 * FIRST_SLOTS - 1
