"""All checks of correctness together: silent over a right engine, and each loud over the rule that it holds.

The right engine is the plain one; the wrong ones override one of its rules, so that a finding can have one cause only.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.plain.engine import PlainEngine
from harness.base.capabilities import Conventions
from harness.base.records import NONE, Command, Event, Events, OrderType, Side, commands_of, event_rows, events_of
from harness.checks import (
    CheckPlug,
    answered_once,
    conservation,
    lifecycle,
    never_crossed,
    price_time,
    stop_trigger,
    trade_price,
)
from tests.fakes.every_term import EVERY_CONVENTION, FREE, LIMITED, every_term
from tests.fakes.history import INSTRUMENTS, SELL, folded, info, segments
from tests.fakes.random_flow import random_flow

CHECKS: dict[str, CheckPlug] = {
    module.__name__.rpartition(".")[2]: module.CHECK
    for module in (answered_once, conservation, lifecycle, never_crossed, price_time, stop_trigger, trade_price)
}
CONVENTIONS = st.sampled_from(EVERY_CONVENTION)


def findings(
    commands: list[Command], events: Events, conventions: Conventions, instruments=INSTRUMENTS, **cut: int
) -> dict[str, set[str]]:
    """Check -> the kinds of what it found."""
    history, run = segments(commands, events, **cut), info(conventions=conventions, instruments=instruments)
    found = {name: folded(check.start(run), history) for name, check in CHECKS.items()}
    return {name: {one.kind for one in facts.findings} for name, facts in found.items() if facts.findings}


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 10_000),
    conventions=CONVENTIONS,
    prices=st.integers(2, 20),
    size=st.integers(1, 400),
    late=st.integers(0, 2),
    nameless=st.booleans(),
)
def test_a_right_engine_gives_no_finding(seed, conventions, prices, size, late, nameless):
    commands = random_flow(400, seed, prices)
    events = PlainEngine(INSTRUMENTS, conventions).submit(commands_of(commands))
    if nameless:
        size, late = 400, 0
        events["command"] = 0
    assert findings(commands, events, conventions, size=size, late=late) == {}


@settings(deadline=None, max_examples=100)
@given(
    seed=st.integers(0, 10_000),
    conventions=CONVENTIONS,
    instruments=st.sampled_from([FREE, LIMITED]),
    size=st.integers(1, 400),
    late=st.integers(0, 2),
    nameless=st.booleans(),
)
def test_a_right_engine_gives_no_finding_whatever_is_sent(seed, conventions, instruments, size, late, nameless):
    commands = every_term(300, seed)
    events = PlainEngine(instruments, conventions).submit(commands_of(commands))
    if nameless:
        size, late = 300, 0
        events["command"] = 0
    assert findings(commands, events, conventions, instruments, size=size, late=late) == {}


@settings(deadline=None, max_examples=80)
@given(
    seed=st.integers(0, 10_000),
    conventions=CONVENTIONS,
    flow=st.sampled_from([random_flow, every_term]),
    chance=st.randoms(use_true_random=False),
)
def test_no_fold_falls_over_whatever_an_engine_says(seed, conventions, flow, chance):
    """Events lost, told twice, swapped and with fields of other events: a check goes on speaking after a violation."""
    commands = flow(200, seed)
    rows = event_rows(PlainEngine(INSTRUMENTS, conventions).submit(commands_of(commands)))
    for _ in range(40):
        one, other = chance.randrange(len(rows)), chance.randrange(len(rows))
        field = chance.choice(Event._fields)
        rows[one] = rows[one]._replace(**{field: getattr(rows[other], field)})
        rows.insert(one, rows.pop(other))
        rows.append(rows[one])
        del rows[chance.randrange(len(rows))]
    assert findings(commands, events_of(rows), conventions, size=70) != {}


class TakerPrice(PlainEngine):
    """Trades at the incoming order's price."""

    def trade_price(self, taker, maker):
        return taker.price if taker.price > 0 else maker.price


class LastInFirstOut(PlainEngine):
    """Puts a resting order at the front of its queue."""

    def rest(self, order):
        side = self.book_side(order.instrument, order.side)
        others = [other for other in side.in_matching_order() if other.price == order.price]
        for other in others:
            side.leave(other)
        super().rest(order)
        for other in others:
            side.join(other)


class WorstBidFirst(PlainEngine):
    """Gives sellers the resting buy order that has waited longest, whatever its price."""

    def match(self, taker):
        if taker.side == SELL:
            bids = list(self.opposite(taker.instrument, Side.SELL).in_matching_order())
            for bid in reversed(bids):
                if taker.open_qty and self.may_trade(taker, bid) and not self.is_self_trade(taker, bid):
                    self.trade(taker, bid)
        super().match(taker)


class NeverMatches(PlainEngine):
    """Lets orders rest without a look at the other side."""

    def match(self, taker):
        del taker


class KeepsRemainders(PlainEngine):
    """Lets what is left of an IOC rest."""

    def settle_remainder(self, taker):
        self.rest(taker)


class LosesRemainders(PlainEngine):
    """Says nothing of what is left of a buy order."""

    def settle_remainder(self, taker):
        if taker.side == SELL:
            super().settle_remainder(taker)


class FillsInPart(PlainEngine):
    """Takes a fill-or-kill order for an immediate one."""

    def can_trade(self, taker, qty):
        return True


class TradesWithItself(PlainEngine):
    """Does not prevent what it says it prevents."""

    def is_self_trade(self, taker, maker):
        return False


class CancelsTooMuch(PlainEngine):
    """Says one lot too many of what it canceled."""

    def cancel_resting(self, order, qty, reason):
        super().cancel_resting(order, qty, reason)
        self.tell._events[-1] = self.tell._events[-1]._replace(qty=qty + 1)


class SilentCancels(PlainEngine):
    """Does not answer a cancel."""

    def on_cancel(self, cancel):
        del cancel


class StopsSleep(PlainEngine):
    """Looks at its stops when they come in only, with a price that is old by then."""

    def look_at_stops(self, instruments):
        if self.stops_entered % 2:
            super().look_at_stops(instruments)


class StopsAreMarketOrders(PlainEngine):
    """Lets a stop take part at once."""

    def wait(self, stop):
        stop.type = OrderType.MARKET if stop.price == NONE else OrderType.LIMIT
        self.enter(stop)


class LastStopFirst(PlainEngine):
    """Carries out the stop that triggered last."""

    def carry_out_triggered(self, instruments):
        self.look_at_stops(instruments)
        while self.triggered:
            self.trigger(self.triggered.pop())
            self.look_at_stops(instruments)


class CutsCascadesShort(PlainEngine):
    """Looks at its stops once a command."""

    def carry_out_triggered(self, instruments):
        self.look_at_stops(instruments)
        while self.triggered:
            self.trigger(self.triggered.popleft())


class TakesAnyMinimum(PlainEngine):
    """Trades what there is."""

    def enter(self, taker, min_qty=0):
        super().enter(taker)


@pytest.mark.parametrize(
    ("engine", "check", "kind", "others"),
    [
        (StopsSleep, "stop_trigger", "missed", set()),
        (StopsAreMarketOrders, "lifecycle", "not_triggered", {"stop_trigger"}),
        (LastStopFirst, "stop_trigger", "order", set()),
        (CutsCascadesShort, "stop_trigger", "missed", set()),
        (TakesAnyMinimum, "lifecycle", "min_qty", set()),
    ],
)
def test_a_broken_rule_of_stops_and_minima_is_found(engine, check, kind, others):
    conventions = Conventions(self_trade="cancel_oldest")
    commands = every_term(2_000, seed=3)
    found = findings(commands, engine(FREE, conventions).submit(commands_of(commands)), conventions, FREE)
    assert kind in found[check]
    assert set(found) <= others | {check}


@pytest.mark.parametrize(
    ("engine", "check", "kind", "others"),
    [
        (TakerPrice, "trade_price", "maker_price", set()),
        (LastInFirstOut, "price_time", "time", set()),
        (WorstBidFirst, "price_time", "price", set()),
        (NeverMatches, "never_crossed", "crossed", {"lifecycle", "price_time"}),
        (NeverMatches, "price_time", "stopped_early", {"lifecycle", "never_crossed"}),
        (KeepsRemainders, "lifecycle", "may_not_rest", set()),
        (LosesRemainders, "lifecycle", "lost", set()),
        (FillsInPart, "lifecycle", "fok_in_part", set()),
        (TradesWithItself, "price_time", "self_trade", set()),
        (CancelsTooMuch, "conservation", "more_than_open", set()),
        (SilentCancels, "answered_once", "unanswered", set()),
    ],
)
def test_a_broken_rule_is_found_by_the_check_that_holds_it_and_by_no_other(engine, check, kind, others):
    conventions = Conventions(self_trade="cancel_oldest")
    commands = random_flow(2_000, seed=3)
    events = engine(INSTRUMENTS, conventions).submit(commands_of(commands))
    found = findings(commands, events, conventions)
    assert kind in found[check]
    assert set(found) == others | {check}
