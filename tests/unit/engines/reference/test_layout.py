"""An engine is built empty, from its instruments and capacities alone."""

import numpy as np
import pytest

from engines.reference.engine import ReferenceEngine
from engines.reference.layout import IS_LIMITED, Capacities, build, instrument_table
from harness.base.capabilities import Conventions, Instrument, RiskLimits
from harness.base.errors import SetupError
from harness.base.records import NONE
from tests.fakes.plain_session import INSTRUMENTS


def test_the_three_views_of_an_order_are_one_memory():
    state = build(INSTRUMENTS, Conventions(), Capacities(orders=3, pages=3))
    state.words[2, 6] = 7 | 9 << 32
    assert state.amounts[2, 6] == 7 | 9 << 32
    assert state.parts[2, 12:14].tolist() == [7, 9]
    assert state.words.strides[0] == 64


@pytest.mark.parametrize("capacities", [Capacities(orders=0), Capacities(pages=0), Capacities(orders=2**30)])
def test_capacities_that_cannot_be(capacities):
    with pytest.raises(SetupError, match="wanted 1 to"):
        build(INSTRUMENTS, Conventions(), capacities)


@pytest.mark.parametrize("numbers", [[], [0], [8, 0, 16, 4_294_967_295, 24], list(range(0, 4_000, 16))])
def test_every_instrument_is_found_from_its_home_on(numbers):
    keys, indices = instrument_table(numbers)
    assert np.count_nonzero(indices) == len(numbers) <= len(keys) / 2
    for index, number in enumerate(numbers):
        at = number % len(keys)
        while keys[at] != number or not indices[at]:
            assert indices[at]
            at = (at + 1) % len(keys)
        assert indices[at] == index + 1


def test_many_instruments_each_have_their_bounds():
    engine = ReferenceEngine(INSTRUMENTS, Conventions())
    assert engine.state.bounds.tolist() == [[1, 1_000, 1, 100, NONE, 0, 1, 0], [-50, 50, 10, 10, NONE, 0, 1, 0]]
    assert engine.state.bounds.strides[0] == 64


@pytest.mark.parametrize(
    "one",
    [{"price_step": 5}, *({"risk": RiskLimits(**limit)} for limit in (
        {"order_qty_max": 1}, {"order_value_max": 1}, {"collar_ticks": 1}, {"accounts": (0,)}
    ))],
    ids=str,
)  # fmt: skip
def test_any_limit_at_all_is_told_in_the_bounds(one):
    state = build([Instrument(id=1, symbol="ONE", **one)], Conventions(), Capacities(1, 1))
    assert state.bounds[0, IS_LIMITED] == 1


def test_limits_beyond_what_any_order_reaches_are_kept_as_the_widest():
    risk = RiskLimits(order_qty_max=2**70, order_value_max=2**200, collar_ticks=2**70)
    state = build([Instrument(id=1, symbol="ONE", risk=risk)], Conventions(), Capacities(1, 1))
    assert state.limits.tolist() == [[2**63, 2**62, 0, 2**64 - 1, 0]]
