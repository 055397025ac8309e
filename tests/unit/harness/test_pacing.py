"""Due times are tables: nothing here sleeps."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.base.errors import SetupError
from harness.base.records import NONE
from harness.base.seeds import Seed
from harness.pacing import LATEST_NS, Constant, PoissonArrivals, Unpaced, mean_per_s
from harness.pacing.arrivals import BLOCK
from harness.pacing.shapes import Bursts, Ramp, Shaped

SEED = Seed(7).branch("pacing")
BAD_RATES = (0, -1, 1e-7, 1.1e9, math.nan, math.inf, -math.inf)
SECOND_NS = 10**9


def test_unpaced_has_no_due_times():
    assert Unpaced().due_ns(1, 3).tolist() == [NONE, NONE, NONE]
    assert (Unpaced().rate_per_s, Unpaced().span_ns) == (0, 0)
    assert math.isnan(Unpaced().asked_by(SECOND_NS))
    assert Unpaced().seeded(SEED) == Unpaced().at_rate(7) == Unpaced()


@pytest.mark.parametrize(
    ("rate", "first", "due"),
    [
        (1, 1, [0, 1_000_000_000, 2_000_000_000]),
        (1_000, 5, [4_000_000, 5_000_000, 6_000_000]),
        (3, 1, [0, 333_333_333, 666_666_667]),
        (0.5, 3, [4_000_000_000, 6_000_000_000, 8_000_000_000]),
        (1e9, 2, [1, 2, 3]),
        (1e-6, 2**53 - 2, [LATEST_NS] * 3),
    ],
)
def test_constant_gaps(rate, first, due):
    assert Constant(rate).due_ns(first, 3).tolist() == due


def test_constant_does_not_drift_over_a_year():
    seconds = 365 * 86_400
    assert Constant(1_000_003).due_ns(1_000_003 * seconds + 1, 1)[0] == seconds * 10**9


@pytest.mark.parametrize("rate", BAD_RATES)
def test_a_rate_that_cannot_be_kept_is_a_setup_error(rate):
    for made in (Constant, PoissonArrivals, Constant(5).at_rate, PoissonArrivals(5).at_rate):
        with pytest.raises(SetupError, match=r"wanted a number from 0.000001 to 1,000,000,000"):
            made(rate)


def test_at_rate_keeps_the_shape_and_the_seed():
    assert Constant(5).at_rate(7) == Constant(7)
    assert PoissonArrivals(5).seeded(SEED).at_rate(7) == PoissonArrivals(7, SEED)


@pytest.mark.parametrize("pacing", [Constant(200), PoissonArrivals(200)])
def test_a_steady_pace_asks_for_its_rate_at_all_times(pacing):
    assert pacing.asked_by(0) == 0
    assert pacing.asked_by(2_500_000_000) == 500
    assert pacing.span_ns == 0
    assert mean_per_s(pacing, 3 * SECOND_NS) == 200


def test_the_mean_over_a_time_that_is_not_the_span_counts_what_lies_before_and_behind():
    ramp = Shaped(shape=Ramp(from_per_s=0, to_per_s=200, over_ns=2 * SECOND_NS))
    assert [mean_per_s(ramp, seconds * SECOND_NS) for seconds in (0, 2, 1, 4)] == [100, 100, 50, 150]
    bursts = Shaped(shape=Bursts(quiet_per_s=0, quiet_ns=SECOND_NS, burst_per_s=300, burst_ns=SECOND_NS))
    assert [mean_per_s(bursts, seconds * SECOND_NS) for seconds in (2, 3, 4)] == [150, 100, 150]


def test_the_description_names_the_settings_and_nothing_else():
    assert repr(PoissonArrivals(20_000.0, SEED)) == "PoissonArrivals(rate_per_s=20000.0)"


def test_the_seed_decides():
    pacing = PoissonArrivals(1_000)
    again, other = pacing.seeded(SEED), pacing.seeded(Seed(8))
    assert np.array_equal(pacing.seeded(SEED).due_ns(1, 100), again.due_ns(1, 100))
    assert not np.array_equal(again.due_ns(1, 100), other.due_ns(1, 100))


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
