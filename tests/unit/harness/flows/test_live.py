"""What a flow believes to be live."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.flows._live import LONG, LiveOrder, LiveOrders


def bag_of(*orders):
    live = LiveOrders()
    for order in orders:
        live.add(order)
    return live


def order(number, *, side=0, price=90, account=1, instrument=1):
    return LiveOrder(number, instrument, side, price, 5, account)


def all_of(live):
    return {live.take(0.0).order for _ in range(len(live))}


@given(st.integers(1, 50), st.lists(st.floats(0, 1), max_size=50))
def test_every_order_is_taken_once(count, chances):
    live = bag_of(*map(order, range(count)))
    taken = [found.order for chance in chances if (found := live.take(chance)) is not None]
    assert len(taken) == len(set(taken)) == min(count, len(chances))
    assert set(taken) | all_of(live) == set(range(count))


def test_an_empty_bag_gives_nothing():
    assert LiveOrders().take(0.5) is None


def test_an_account_is_forgotten_alone():
    live = bag_of(order(1, account=1), order(2, account=2), order(3, account=1))
    live.forget_account(1)
    assert all_of(live) == {2}


@pytest.mark.parametrize(
    ("side", "price", "age", "kept"),
    [
        (0, 101, 0, False), (1, 99, 0, False),  # the mid has passed them
        (0, 98, 0, True), (1, 102, 0, True),  # near, and new
        (0, 98, LONG + 1, False), (1, 102, LONG + 1, False),  # near for long
        (0, 97, LONG + 1, True), (1, 103, LONG + 1, True),  # old, and far
    ],
)  # fmt: skip
def test_what_has_probably_traded_is_forgotten(side, price, age, kept):
    live = bag_of(order(7, side=side, price=price))
    live.forget_traded({1: 100}, near_ticks=2, newest=7 + age)
    assert len(live) == kept
