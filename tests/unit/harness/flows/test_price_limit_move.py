"""The price-limit move: to both limits, where all is taken that is at them and nothing that is beyond; and along the collar's edge."""

import msgspec
import pytest

from engines.plain.offered import CAPABILITIES
from harness.base.reasons import Reason
from harness.base.records import NONE, CommandKind
from harness.flows._staged import MID
from harness.flows.price_limit_move import COLLAR_TICKS, FLOW, LIMIT_TICKS
from tests.fakes.staged import played

LOWEST, HIGHEST = MID - LIMIT_TICKS, MID + LIMIT_TICKS


@pytest.fixture(scope="module")
def done():
    return played(FLOW())


def test_the_bounds_are_those_that_the_instrument_has():
    (instrument,) = FLOW().instruments()
    assert (instrument.price_min, instrument.price_max) == (LOWEST, HIGHEST)
    assert (instrument.risk.collar_ticks, instrument.risk.reference_price) == (COLLAR_TICKS, MID)


@pytest.mark.parametrize(
    ("run", "locked", "limit"), [("up", "locked at the highest", HIGHEST), ("down", "locked at the lowest", LOWEST)]
)
def test_the_price_runs_into_either_limit_and_trades_at_it(done, run, locked, limit):
    prices = [event.price for stage in (run, locked) for answer in done.of(stage) for event in answer.trades()]
    assert prices.count(limit) > 50
    assert (max(prices) if limit > MID else min(prices)) == limit
    assert abs(prices[0] - limit) > LIMIT_TICKS / 2


def test_at_a_limit_nobody_stands_on_the_other_side(done):
    assert sum(answer.ask is None for answer in done.of("locked at the highest")) > 100
    assert sum(answer.bid is None for answer in done.of("locked at the lowest")) > 100


def test_orders_at_a_limit_are_taken_and_those_a_tick_beyond_are_refused(done):
    new = [answer for answer in done.answers if answer.command.kind == CommandKind.NEW]
    by_price: dict[int, set[bool]] = {}
    for answer in new:
        if Reason.RISK_PRICE_COLLAR not in {event.reason for event in answer.events}:
            by_price.setdefault(answer.command.price, set()).add(answer.is_refused())
    for limit, away in ((HIGHEST, 1), (LOWEST, -1)):
        assert by_price[limit] == {False}
        assert [by_price[limit + away * ticks] for ticks in (1, 2, 3)] == [{True}] * 3


def test_orders_come_at_the_edge_of_the_collar_and_a_tick_beyond(done):
    last, distances = MID, {True: set(), False: set()}
    for answer in done.answers:
        command = answer.command
        if command.kind == CommandKind.NEW and LOWEST <= command.price <= HIGHEST:
            distances[answer.is_refused()].add(command.price - last)
        last = next((event.price for event in reversed(answer.trades())), last)
    assert {COLLAR_TICKS, -COLLAR_TICKS} <= distances[False]
    assert {COLLAR_TICKS + 1, -COLLAR_TICKS - 1} <= distances[True]
    assert max(map(abs, distances[False])) == COLLAR_TICKS
    assert min(map(abs, distances[True])) == COLLAR_TICKS + 1


def test_where_no_collar_is_enforced_prices_alone_are_refused():
    done = played(FLOW(), capabilities=msgspec.structs.replace(CAPABILITIES, controls=()))
    assert set(done.refusals()) == {Reason.INVALID_PRICE}
    refused = [answer.command.price for answer in done.answers if answer.is_refused()]
    assert all(price != NONE and not LOWEST <= price <= HIGHEST for price in refused)
