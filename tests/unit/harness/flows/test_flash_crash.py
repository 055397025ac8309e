"""The flash crash: bids go first, sellers walk down many levels, and most of the fall is undone, in each cycle alike."""

import pytest

from harness.base.records import NONE, Side
from harness.flows._staged import MID
from harness.flows.flash_crash import FALL_TICKS, FLOW
from tests.fakes.staged import played

CYCLES = 3


@pytest.fixture(scope="module")
def done():
    return played(FLOW(), CYCLES)


def cycles(answers):
    """The answers of one stage, cycle by cycle."""
    length = len(answers) // CYCLES
    return [answers[at : at + length] for at in range(0, len(answers), length)]


def prices(answers):
    return [event.price for answer in answers for event in answer.trades()]


def test_most_bids_are_pulled_before_anything_falls(done):
    bids = done.standing(Side.BUY)
    for (calm, before), (pull, after) in zip(bids[::4], bids[1::4], strict=True):
        assert (calm, pull) == ("calm", "pull")
        assert after < before / 2
    assert min(prices(done.of("pull"))) > MID - FALL_TICKS / 2


def test_the_price_falls_through_many_levels_in_each_crash(done):
    for crash in cycles(done.of("crash")):
        assert prices(crash)[0] - min(prices(crash)) > FALL_TICKS
        assert max(len(set(prices([answer]))) for answer in crash) >= 8
        assert len(set(prices(crash))) > 60


def test_those_who_fell_it_sell_at_any_price(done):
    crash = [answer for answer in done.of("crash") if answer.trades()]
    assert sum(answer.command.side == Side.SELL for answer in crash) > 0.9 * len(crash)
    assert sum(answer.command.price == NONE for answer in crash) > 50


def test_it_recovers(done):
    for recovery in cycles(done.of("recovery")):
        assert prices(recovery)[-1] - prices(recovery)[0] > FALL_TICKS / 2
        assert abs(prices(recovery)[-1] - MID) < FALL_TICKS / 5
