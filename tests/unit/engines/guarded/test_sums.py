"""The sums, held against what they must come to: worked out anew from the book and the trades after every command of a mixed flow."""

from collections import defaultdict

import pytest

from engines.guarded.engine import GuardedEngine
from harness.base.capabilities import Conventions
from harness.base.controls import AccountControls, Controls, LimitCode
from harness.base.records import NONE, EventKind, OrderType, Side, commands_of, event_rows
from tests.fakes.clock import FakeClock
from tests.fakes.every_term import EVERY_CONVENTION, LIMITED, every_term
from tests.fakes.guarded_session import account, open_to

CONTROLS = Controls(
    accounts=(
        AccountControls(account=0),
        AccountControls(account=1),
        AccountControls(account=2, firm=2),
        AccountControls(account=3, firm=2),
    )
)


class Anew:
    """Positions, cash and values of all accounts from all that was ever told, without a running sum."""

    def __init__(self):
        self.valued, self.trades, self.last, self.sides = {}, [], {}, {}

    def hear(self, event, command):
        last = self.last.get(event.instrument, 100 if event.instrument == 1 else NONE)
        if event.kind == EventKind.ACCEPTED:
            market = 0 if last == NONE else last
            by_type = {OrderType.MARKET: market, OrderType.STOP: command.stop}
            self.valued[event.order] = by_type.get(command.type, command.price)
            self.sides[event.order] = event.account, event.side
        if event.kind == EventKind.REPLACED:
            self.sides[event.new_order] = self.sides.pop(event.order)
            self.valued.pop(event.order)
            self.valued[event.new_order] = event.price
        if event.kind == EventKind.TRADE:
            self.last[event.instrument] = event.price
            for order in (event.order, event.maker):
                self.trades.append((*self.sides[order], event.instrument, event.price, event.qty))

    def sums(self, engine, accounts):
        position, cash, traded, opened, value = defaultdict(int), 0, 0, defaultdict(int), 0
        for who, side, instrument, price, qty in self.trades:
            if who in accounts:
                sign = 1 if side == Side.BUY else -1
                position[instrument] += sign * qty
                cash += sign * price * qty
                traded += abs(price) * qty
        for order in engine.engine.live.values():
            if order.account in accounts:
                opened[order.instrument, order.side] += order.open_qty
                value += abs(self.valued[order.id]) * order.open_qty
        worth = sum(lots * self.last[instrument] for instrument, lots in position.items())
        held = {n: (position[n], opened[n, 0], opened[n, 1]) for n in (1, 2)}
        return held, value, traded, cash, cash - worth


def kept(engine, holder):
    """What the engine keeps, in the same shape."""
    held = {n: holder.holding(n) for n in (1, 2)}
    shown = {n: (one.position, one.open_buys, one.open_sells) for n, one in held.items()}
    return shown, holder.open_value, holder.traded_value, holder.paid, engine.loss(holder)


@pytest.mark.parametrize(
    ("conventions", "seed"), [(one, seed) for seed, one in enumerate(EVERY_CONVENTION[::9])], ids=str
)
def test_they_are_right_after_every_command(conventions, seed):
    engine, anew = GuardedEngine(LIMITED, conventions, CONTROLS, FakeClock().now_ns), Anew()
    for command in every_term(600, seed):
        for event in event_rows(engine.submit(commands_of([command]))):
            anew.hear(event, command)
        assert set(engine.orders) == set(engine.engine.live)
        for number, holder in engine.accounts.items():
            assert kept(engine, holder) == anew.sums(engine, {number}), f"account {number} after {command}"
    assert kept(engine, engine.firms[2]) == anew.sums(engine, {2, 3})
    assert len(anew.trades) >= 40, "else they are right about nothing"


def test_what_prevention_takes_is_open_no_longer():
    stage = open_to(account())
    stage.engine.engine.conventions = Conventions(self_trade="decrement")
    stage.says("S 100x4 #1; B 100x6 #2")
    holding = stage.engine.accounts[1].holding(1)
    assert (holding.position, holding.open_buys, holding.open_sells) == (0, 2, 0)
    assert stage.engine.accounts[1].open_value == 200


def test_windows_hold_nothing_while_there_is_no_limit():
    stage = open_to(account())
    stage.says("S 100x4 #1 a8; B 100x4 #2")
    assert all(stage.engine.accounts[1].limits[code] == 0 for code in LimitCode if code <= LimitCode.REPEATS)
    assert not stage.engine.accounts[1].repeats.keys(0)
    assert not stage.engine.watched[1].prices.keys(0)
