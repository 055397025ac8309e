"""Whose turn it is, by rank and then by ticket."""

import random
from operator import attrgetter

from harness.oracle.orders import Order, Turns
from tests.fakes.history import BUY, DAY


def order(number, price, ticket, instrument=1):
    return Order(number, 1, instrument, BUY, price, 5, DAY, post_only=False, ticket=ticket)


def bids(*orders):
    turns = Turns(attrgetter("price"))
    for one in orders:
        turns.join(one)
    return turns


def test_the_highest_rank_is_next_and_of_equals_the_earliest_ticket():
    turns = bids(order(1, 99, 1), order(2, 100, 2), order(3, 100, 3), order(4, 98, 4))
    assert [one.id for one in turns.in_turn()] == [2, 3, 1, 4]
    assert turns.next().id == 2


def test_nobody_is_next_where_nobody_stands():
    assert bids().next() is None


def test_whoever_leaves_leaves_the_others_in_order():
    orders = [order(number, random.Random(number).randint(1, 5), number) for number in range(1, 40)]
    turns = bids(*orders)
    wanted = [one.id for one in turns.in_turn()]
    for one in random.Random(7).sample(orders, len(orders)):
        turns.leave(one)
        wanted.remove(one.id)
        assert [left.id for left in turns.in_turn()] == wanted


def test_rows_count_the_places_of_each_price():
    turns = bids(order(1, 99, 1), order(2, 100, 2), order(3, 99, 3))
    assert list(turns.rows(1, BUY, attrgetter("price"))) == [
        (1, BUY, 100, 0, 2, 5),
        (1, BUY, 99, 0, 1, 5),
        (1, BUY, 99, 1, 3, 5),
    ]
