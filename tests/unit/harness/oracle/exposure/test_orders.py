"""Open orders as they were told, and what a command would add: nothing, where it could not become an order."""

import pytest

from harness.base.capabilities import Conventions, Instrument, RiskLimits
from harness.base.controls import AccountControls
from harness.base.records import NONE, EventKind, Side
from harness.oracle.exposure.holders import Holders
from harness.oracle.exposure.orders import OpenOrders
from tests.fakes.history import BUY, SELL, cancel, market, new, replace, stop
from tests.fakes.told import Told, held

BOUNDS = (
    Instrument(id=1, symbol="ONE", price_min=-50, price_max=200, qty_max=10),
    Instrument(id=2, symbol="TWO", price_max=200, qty_max=10, risk=RiskLimits(reference_price=70)),
)


def followed(told, replace_quantity="open"):
    """The open orders after the history, and the holders."""
    holders = Holders(BOUNDS, held(AccountControls(account=1, firm=1)))
    orders = OpenOrders(holders, Conventions(replace_quantity=replace_quantity))
    commands = {command.number: command for command in told.commands}
    for event in told.events:
        orders.follow(commands[event.command], event)
    return orders, holders


def addition(command, told=None, **conventions):
    orders, _ = followed(told or Told(), **conventions)
    return orders.addition(command)


NO_ORDERS = {
    "unknown instrument": new(1, BUY, 100, 1, instrument=9),
    "no side": new(1, 7, 100, 1),
    "no type": new(1, BUY, 100, 1, type=9),
    "no quantity": new(1, BUY, 100, NONE),
    "too many": new(1, BUY, 100, 11),
    "none": new(1, BUY, 100, 0),
    "no price": new(1, BUY, NONE, 1),
    "price beyond": new(1, BUY, 201, 1),
    "stop beyond": stop(1, BUY, 201, 1),
    "limit of a stop limit beyond": stop(1, BUY, 100, 1, 201),
    "a replace of nothing": replace(9, 9, 100, 1),
}


@pytest.mark.parametrize("case", NO_ORDERS)
def test_what_could_not_become_an_order_adds_nothing(case):
    assert addition(NO_ORDERS[case]) is None


VALUED = {
    "limit": (new(1, BUY, 100, 3), 300, 100),
    "below 0": (new(1, BUY, -50, 3), 150, -50),
    "stop": (stop(1, BUY, 90, 3), 270, NONE),
    "stop limit": (stop(1, BUY, 90, 3, 80), 240, 80),
    "market without a reference": (market(1, BUY, 3), 0, NONE),
    "market at the declared reference": (market(1, BUY, 3, instrument=2), 210, NONE),
}


@pytest.mark.parametrize("case", VALUED)
def test_a_new_order_is_valued_by_its_own_price(case):
    command, value, limit = VALUED[case]
    made = addition(command)
    assert (made.lots, made.value, made.limit_price, made.freed_lots, made.freed_value) == (3, value, limit, 0, 0)


def test_a_market_order_is_valued_at_the_last_trade():
    told = (
        Told().takes(new(1, SELL, 60, 1, instrument=2)).takes(new(2, BUY, 60, 1, account=2, instrument=2), (1, 60, 1))
    )
    assert addition(market(3, BUY, 3, instrument=2), told).value == 180


def test_a_replace_frees_what_its_target_has_open():
    told = Told().takes(new(1, BUY, 100, 5)).cancels(cancel(1, 2), 2, 3)
    made = addition(replace(1, 2, 90, 4), told)
    assert (made.side, made.lots, made.value, made.freed_lots, made.freed_value) == (Side.BUY, 4, 360, 3, 300)


REPLACED = {
    "another's": replace(1, 2, 90, 4, account=2),
    "on another instrument": replace(1, 2, 90, 4, instrument=2),
    "a stop that waits": replace(2, 3, 90, 4),
    "too many": replace(1, 2, 90, 11),
    "at no price": replace(1, 2, NONE, 4),
}


@pytest.mark.parametrize("case", REPLACED)
def test_what_could_not_be_replaced_adds_nothing(case):
    assert addition(REPLACED[case], Told().takes(new(1, BUY, 100, 5)).takes(stop(2, BUY, 90, 5))) is None


def test_a_stop_that_triggered_can_be_replaced():
    told = Told().takes(stop(2, BUY, 90, 5, 80))
    told.adds(told.events[0]._replace(kind=EventKind.TRIGGERED))
    assert addition(replace(2, 3, 90, 4), told).lots == 4


def test_under_total_a_replace_counts_what_was_traded():
    told = Told().takes(new(1, BUY, 100, 5)).takes(new(2, SELL, 100, 2, account=2), (1, 100, 2))
    assert addition(replace(1, 3, 100, 6), told, replace_quantity="total").lots == 4
    assert addition(replace(1, 3, 100, 2), told, replace_quantity="total") is None


def test_it_follows_each_order_to_its_end():
    told = (
        Told().takes(new(1, BUY, 100, 5)).takes(new(2, BUY, 90, 5)).takes(new(3, SELL, 100, 2, account=8), (1, 100, 2))
    )
    told.cancels(cancel(2), 5).takes(replace(1, 4, 80, 1))
    orders, holders = followed(told)
    assert {number: order.open for number, order in orders.live.items()} == {4: 1}
    assert holders.accounts[1].sums.exposure() == 200 + 80
    assert holders.accounts[1].sums.reach(1, Side.BUY) == 3
    assert holders.firms[9].sums.reach(1, Side.SELL) == 2
    assert orders.last_trades == {1: 100}


def test_an_order_never_has_less_than_nothing_open_whatever_is_told():
    told = Told().takes(new(1, BUY, 100, 5)).cancels(cancel(1), 7)
    orders, holders = followed(told)
    assert (orders.live, holders.accounts[1].sums.exposure()) == ({}, 0)


def test_an_id_that_is_given_twice_is_that_of_the_later_order():
    orders, holders = followed(Told().takes(new(1, BUY, 100, 5)).takes(new(1, BUY, 50, 2)))
    assert [order.open for order in orders.live.values()] == [2]
    assert holders.accounts[1].sums.exposure() == 100


def test_what_is_told_of_orders_that_are_not_live_changes_no_order():
    orders, _ = followed(
        Told().cancels(cancel(9), 5).takes(replace(8, 9, 100, 1)).takes(new(1, BUY, 100, 1, instrument=9))
    )
    assert orders.live == {}


@pytest.mark.parametrize(
    ("scope", "wanted"),
    [((1, 0, 0), [1, 2]), ((0, 1, 0), [1, 2]), ((0, 9, 0), [3]), ((0, 0, 1), [1, 3]), ((7, 0, 0), [])],
)
def test_it_knows_the_orders_of_an_account_a_firm_and_an_instrument(scope, wanted):
    told = (
        Told().takes(new(1, BUY, 100, 5)).takes(new(2, BUY, 90, 5, instrument=2)).takes(new(3, SELL, 110, 2, account=8))
    )
    orders, _ = followed(told)
    assert [*orders.of_scope(*scope)] == wanted
