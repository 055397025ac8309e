"""Counts of arrivals: any slicing gives the same, and those of the Poisson process are one.

Each bound on what is drawn fails by chance once in 10^9 at most, of whatever seed.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from harness.base.seeds import Seed
from harness.pacing.arrivals import BLOCK, UnitArrivals, evenly, exponential

SEED = Seed(7).branch("pacing")
CHANCE = 1e-9
WHOLE = UnitArrivals(SEED).counts(1, 3 * BLOCK)


def test_even_arrivals_are_the_commands_before():
    assert evenly(1, 3).tolist() == [0, 1, 2]
    assert evenly(2**53 - 1, 2).tolist() == [2**53 - 2, 2**53 - 1]


def test_inversion_is_finite_at_both_ends():
    """`Generator.random` gives multiples of 2**-53 in [0, 1): these are its least and greatest values."""
    ends = exponential(np.array([0.0, 1 - 2.0**-53]))
    assert ends[0] == 0
    assert ends[1] == pytest.approx(53 * np.log(2))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(1, 3 * BLOCK - 300), st.integers(0, 300)), max_size=5))
def test_any_slicing_gives_the_same_arrivals(slices):
    arrivals = UnitArrivals(SEED)
    for first, count in slices:
        assert np.array_equal(arrivals.counts(first, count), WHOLE[first - 1 : first - 1 + count])


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 2**64))
def test_gaps_are_exponential(root):
    gaps = np.diff(UnitArrivals(Seed(root)).counts(1, BLOCK + 1_000), prepend=0)
    assert stats.kstest(gaps, "expon").pvalue > CHANCE


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 2**64))
def test_counts_in_equal_windows_are_poisson(root):
    """Of a Poisson process the counts scatter as their mean does: their index of dispersion is that of chi-squared."""
    windows, wide = 600, 100
    counts = UnitArrivals(Seed(root)).counts(1, windows * wide * 2)
    seen = np.bincount((counts // wide).astype(np.int64))[:windows]
    scatter = float(((seen - wide) ** 2).sum() / wide)
    low, high = stats.chi2.ppf(CHANCE / 2, windows), stats.chi2.isf(CHANCE / 2, windows)
    # The law is of normal counts; those of a Poisson process scatter a little more in the tails, for which a twentieth is room enough.
    assert low * 0.95 < scatter < high * 1.05


def test_the_seed_decides():
    assert np.array_equal(UnitArrivals(SEED).counts(1, 100), WHOLE[:100])
    assert not np.array_equal(UnitArrivals(Seed(8)).counts(1, 100), WHOLE[:100])
