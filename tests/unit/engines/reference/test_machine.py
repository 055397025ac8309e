"""The processor's instruction and the plain function that stands for it give the same."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.reference.machine import U, fetch, highest_bit, lowest_bit
from harness.base.kernels import compiled


def _both(word):
    return lowest_bit(word), highest_bit(word)


def _fetched(array):
    fetch(array, U(len(array) - 1))
    return array[0, 0]


both, fetched = compiled(_both), compiled(_fetched)


@settings(deadline=None)  # the first call compiles
@given(st.integers(1, 2**64 - 1))
def test_lowest_and_highest_bit(word):
    low, high = both(U(word))
    assert (low, high) == (int(lowest_bit(U(word))), int(highest_bit(U(word))))
    assert word >> high == 1
    assert word & (2**low - 1) == 0
    assert word >> low & 1


def test_fetching_changes_nothing():
    assert fetched(np.full((4, 8), 7, np.uint64)) == 7
    assert fetch(np.zeros((1, 1)), 0) is None
