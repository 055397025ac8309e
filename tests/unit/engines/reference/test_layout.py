"""An engine is built empty, from its instruments and capacities alone."""

import numpy as np
import pytest

from engines.reference.engine import ReferenceEngine
from engines.reference.layout import Capacities, build, instrument_table
from engines.reference.offered import CAPABILITIES
from harness.base.capabilities import Conventions
from harness.base.errors import SetupError
from tests.fakes.plain_session import INSTRUMENTS


def test_the_three_views_of_an_order_are_one_memory():
    state = build(INSTRUMENTS, Conventions(), Capacities(orders=3, pages=3), CAPABILITIES)
    state.words[2, 6] = 7 | 9 << 32
    assert state.amounts[2, 6] == 7 | 9 << 32
    assert state.parts[2, 12:14].tolist() == [7, 9]
    assert state.words.strides[0] == 64


@pytest.mark.parametrize("capacities", [Capacities(orders=0), Capacities(pages=0), Capacities(orders=2**30)])
def test_capacities_that_cannot_be(capacities):
    with pytest.raises(SetupError, match="wanted 1 to"):
        build(INSTRUMENTS, Conventions(), capacities, CAPABILITIES)


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
    assert engine.state.bounds.tolist() == [[1, 1_000, 1, 100, 0, 0], [-50, 50, 10, 10, 0, 0]]
