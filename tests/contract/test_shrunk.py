"""A fault that a check sees on a flow of thousands comes down to a few commands, whatever it is and whichever check sees it.

All specimens are shrunk by `make nightly`; here stands one for each way in which a tape is tried.
"""

import pytest

from harness.base.bits import packed
from tests.fakes.shrunk import shrunk

FEW = {
    "taker_price": 2,
    "fifo_lost_on_cancel": 6,
    "stop_misses_a_jump": 3,
    "cancel_loses_neighbour": 3,
    "unstable_order": 3,
    "dies_of_a_stale_cancel": 1,
    "minimum_ignored": 1,
}
"""Specimen -> the commands that its fault needs."""


@pytest.mark.parametrize("name", FEW)
def test_a_specimen_is_a_few_commands(name):
    assert len(shrunk(name).tape) == FEW[name]


@pytest.mark.parametrize("name", ["fifo_lost_on_cancel", "cancel_loses_neighbour"])
def test_it_is_the_same_each_time(name):
    first, second = shrunk(name), shrunk(name)
    assert (packed(first.tape) == packed(second.tape)).all()
    assert first.steps == second.steps


def test_what_needs_many_commands_comes_near_them_in_a_few_tries():
    """It loses what comes while 300 orders are live, so it takes 301."""
    assert 301 <= len(shrunk("exhaustion_drops_in_silence", tries=40).tape) <= 304
