"""Due times are tables: nothing here sleeps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from harness.base.errors import SetupError
from harness.base.records import NONE
from harness.base.seeds import Seed
from harness.pacing import BLOCK, Constant, PoissonArrivals, Unpaced, exponential

SEED = Seed(7).branch("pacing")


def test_unpaced_has_no_due_times():
    assert Unpaced().due_ns(1, 3).tolist() == [NONE, NONE, NONE]
    assert Unpaced().rate_per_s == 0
    assert Unpaced().seeded(SEED) == Unpaced()


@pytest.mark.parametrize(
    ("rate", "first", "due"),
    [
        (1, 1, [0, 1_000_000_000, 2_000_000_000]),
        (1_000, 5, [4_000_000, 5_000_000, 6_000_000]),
        (3, 1, [0, 333_333_333, 666_666_667]),
        (0.5, 3, [4_000_000_000, 6_000_000_000, 8_000_000_000]),
    ],
)
def test_constant_gaps(rate, first, due):
    assert Constant(rate).due_ns(first, 3).tolist() == due


def test_constant_does_not_drift_over_a_year():
    seconds = 365 * 86_400
    assert Constant(1_000_003).due_ns(1_000_003 * seconds + 1, 1)[0] == seconds * 10**9


@pytest.mark.parametrize("rate", [-1, float("nan"), float("inf")])
def test_a_rate_that_cannot_be_kept_is_a_setup_error(rate):
    for pacing in (Constant, PoissonArrivals):
        with pytest.raises(SetupError, match="wanted a number above 0"):
            pacing(rate)


def test_at_rate_keeps_the_shape_and_the_seed():
    assert Constant(5).at_rate(7) == Constant(7)
    assert PoissonArrivals(5).seeded(SEED).at_rate(7) == PoissonArrivals(7, SEED)
    assert Unpaced().at_rate(7) == Constant(7)
    for pacing in (Constant(5), PoissonArrivals(5), Unpaced()):
        assert pacing.at_rate(0) == Unpaced()


def test_the_description_names_the_settings_and_nothing_else():
    assert repr(PoissonArrivals(20_000.0, SEED)) == "PoissonArrivals(rate_per_s=20000.0)"


def test_inversion_is_finite_at_both_ends():
    """`Generator.random` gives multiples of 2**-53 in [0, 1): these are its least and greatest values."""
    ends = exponential(np.array([0.0, 1 - 2.0**-53]))
    assert ends[0] == 0
    assert ends[1] == pytest.approx(53 * np.log(2))


def test_gaps_are_exponential():
    rate = 10_000
    gaps_s = np.diff(PoissonArrivals(rate).seeded(SEED).due_ns(1, 200_001)) / 1e9
    assert gaps_s.mean() == pytest.approx(1 / rate, rel=0.01)
    assert gaps_s.var() == pytest.approx(1 / rate**2, rel=0.02)
    assert stats.kstest(gaps_s, "expon", args=(0, 1 / rate)).pvalue > 0.01


def test_counts_in_equal_windows_are_poisson():
    """In a Poisson process the variance of the counts is their mean."""
    due_ns = PoissonArrivals(10_000).seeded(SEED).due_ns(1, 200_000)
    counts = np.bincount(due_ns // 10_000_000)[:-1]
    assert counts.mean() == pytest.approx(100, rel=0.02)
    assert counts.var() == pytest.approx(100, rel=0.1)


def test_the_seed_decides():
    pacing = PoissonArrivals(1_000)
    again, other = pacing.seeded(SEED), pacing.seeded(Seed(8))
    assert np.array_equal(pacing.seeded(SEED).due_ns(1, 100), again.due_ns(1, 100))
    assert not np.array_equal(again.due_ns(1, 100), other.due_ns(1, 100))


WHOLE = PoissonArrivals(1e6).seeded(SEED).due_ns(1, 3 * BLOCK)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(1, 3 * BLOCK - 300), st.integers(0, 300)), max_size=5))
def test_any_slicing_gives_the_same_times(slices):
    pacing = PoissonArrivals(1e6).seeded(SEED)
    for first, count in slices:
        assert np.array_equal(pacing.due_ns(first, count), WHOLE[first - 1 : first - 1 + count])


@settings(deadline=None)
@given(st.floats(1e-3, 1e9), st.integers(1, 10**6), st.integers(1, 500))
def test_constant_never_goes_back(rate, first, count):
    due_ns = Constant(rate).due_ns(first, count)
    assert due_ns[0] >= 0
    assert (np.diff(due_ns) >= 0).all()


@settings(deadline=None, max_examples=30)
@given(st.floats(1e-3, 1e9), st.integers(0, 2**64))
def test_poisson_never_goes_back_and_keeps_its_rate(rate, root):
    due_ns = PoissonArrivals(rate).seeded(Seed(root)).due_ns(1, BLOCK + 10)
    assert due_ns[0] >= 0
    assert (np.diff(due_ns) >= 0).all()
    assert due_ns[-1] == pytest.approx(BLOCK * 1e9 / rate, rel=0.05)
