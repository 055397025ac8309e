"""The kernel against numpy's way to record."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.base.histogram import Histogram
from harness.base.histogram_kernel import count


def counted(values):
    counts = np.zeros_like(Histogram().counts)
    count(counts, np.array(values, np.int64))
    return counts


def recorded(values):
    histogram = Histogram()
    histogram.record(np.array(values, np.int64))
    return histogram.counts


@settings(deadline=None)  # the first example loads the kernel
@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=200))
def test_it_counts_as_numpy_does(values):
    assert (counted(values) == recorded(values)).all()


def test_it_counts_as_numpy_does_around_every_power_of_two():
    values = [2**power + step for power in range(63) for step in (-1, 0, 1)]
    assert (counted(values) == recorded(values)).all()
