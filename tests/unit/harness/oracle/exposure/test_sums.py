"""Sums of positions, value and cash, exact at any size."""

from harness.base.records import Side
from harness.oracle.exposure.sums import OpenOrder, Sums


def order(side=Side.BUY, price=100, instrument=1):
    return OpenOrder(account=1, instrument=instrument, side=side, price=price, open=0, waits=False)


def test_the_reach_of_a_side_is_what_is_held_and_what_is_open_on_it():
    sums = Sums()
    sums.opened(order(), 5)
    sums.opened(order(Side.SELL), 4)
    sums.traded(order(), 100, 3)
    assert sums.reach(1, Side.BUY) == 8
    assert sums.reach(1, Side.SELL) == 1
    assert sums.reach(2, Side.BUY) == 0
    sums.traded(order(Side.SELL), 100, 7)
    assert (sums.reach(1, Side.BUY), sums.reach(1, Side.SELL)) == (1, 8)


def test_exposure_is_what_is_open_at_its_own_price_and_what_traded_at_the_price_of_the_trade():
    sums = Sums()
    sums.opened(order(price=2**62), 2**31)
    assert sums.exposure() == 2**93
    sums.opened(order(price=2**62), -(2**31))
    sums.traded(order(), -7, 3)
    sums.traded(order(Side.SELL), 5, 2)
    assert sums.exposure() == 31


def test_a_loss_is_what_was_paid_less_what_is_held_at_the_last_trade():
    sums = Sums()
    sums.traded(order(), 100, 10)
    sums.traded(order(Side.SELL), 90, 4)
    assert sums.loss({1: 95}) == 1000 - 360 - 6 * 95
    sums.traded(order(Side.SELL, instrument=2), 10, 5)
    assert sums.loss({1: 95, 2: 12}) == 70 + 10
    assert sums.loss({1: 95, 2: -12}) == 70 - 110


def test_nothing_is_lost_where_nothing_traded():
    assert Sums().loss({1: 5}) == 0
