"""What a flow believes to be live."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.flows._live import (
    COLUMNS,
    COUNT,
    FIRST,
    GHOST,
    HOME,
    ID,
    LAST_LIMITED,
    LAST_STOP,
    LONG,
    empty_bag,
    forget_account,
    forget_traded,
    pick,
    remove,
    room,
)


def bag_of(*rows, most=60):
    orders, ends = empty_bag(most)
    for row in rows:
        orders[room(orders, ends)] = row
    return orders, ends


def order(number, *, side=0, price=90, account=1, instrument=1, waits=0):
    return number, price, 5, instrument + account * 2**32, side, waits


def chance(seed=1):
    return np.array([seed], np.uint64)


def ids(orders, ends):
    return set(orders[FIRST : ends[COUNT], ID].tolist())


@settings(deadline=None)  # the first example loads the kernels
@given(st.integers(1, 50), st.integers(0, 60), st.integers(0, 3), st.integers(0, 2**64 - 1))
def test_every_order_is_taken_once(count, takes, newest_first, seed):
    orders, ends = bag_of(*map(order, range(count)))
    random, taken = chance(seed), []
    for _ in range(takes):
        at = pick(ends, random, newest_first)
        if at != GHOST:
            taken.append(int(orders[at, ID]))
        remove(orders, ends, at)
    assert len(taken) == len(set(taken)) == min(count, takes)
    assert set(taken) | ids(orders, ends) == set(range(count))


def test_an_empty_bag_gives_the_order_that_was_never_sent():
    _, ends = bag_of()
    assert pick(ends, chance(), 0) == GHOST


def test_what_is_no_member_is_never_removed():
    orders, ends = bag_of(order(7))
    for at in (GHOST, LAST_STOP, LAST_LIMITED):
        remove(orders, ends, at)
    assert ids(orders, ends) == {7}


def test_new_ones_are_picked_more_where_asked_for():
    _, ends = bag_of(*map(order, range(50)))
    random = chance()
    means = [np.mean([pick(ends, random, first) - FIRST for _ in range(2_000)]) for first in (0, 2)]
    assert means == pytest.approx([24.5, 37], abs=1.5), "the middle of 50, and three quarters"


def test_a_full_bag_forgets_its_newest():
    orders, ends = bag_of(*map(order, range(5)), most=3)
    assert ids(orders, ends) == {0, 1, 4}


def test_an_account_is_forgotten_alone():
    orders, ends = bag_of(order(1, account=1), order(2, account=2), order(3, account=1, instrument=2))
    forget_account(orders, ends, 1)
    assert ids(orders, ends) == {2}


@pytest.mark.parametrize(
    ("side", "waits", "price", "age", "kept"),
    [
        (0, 0, 101, 0, False), (1, 0, 99, 0, False),  # the mid has passed them
        (0, 0, 98, 0, True), (1, 0, 102, 0, True),  # near, and new
        (0, 0, 98, LONG + 1, False), (1, 0, 102, LONG + 1, False),  # near for long
        (0, 0, 97, LONG + 1, True), (1, 0, 103, LONG + 1, True),  # old, and far
        (0, 1, 99, 0, False), (1, 1, 101, 0, False),  # stops that the mid has passed
        (0, 1, 103, LONG + 1, True), (1, 1, 97, LONG + 1, True),  # and that wait far away
    ],
)  # fmt: skip
def test_what_has_probably_traded_or_triggered_is_forgotten(side, waits, price, age, kept):
    orders, ends = bag_of(order(1_007, side=side, price=price, waits=waits))
    forget_traded(orders, ends, np.array([0, 100]), 2, 1_007 + age)
    assert len(ids(orders, ends)) == kept


def test_each_order_is_held_to_the_mid_of_its_own_instrument_and_moves_up_whole():
    orders, ends = bag_of(order(1, instrument=1), order(2, instrument=2, account=9))
    forget_traded(orders, ends, np.array([0, 50, 100]), 2, 2)
    assert ids(orders, ends) == {2}
    assert orders[FIRST, :COLUMNS].tolist() == list(order(2, instrument=2, account=9))
    assert orders[FIRST, HOME] >> 32 == 9
