"""Shapes of a rate: what each asks for when, and that what is due follows it."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from harness.base.errors import SetupError
from harness.base.seeds import Seed
from harness.pacing import Constant
from harness.pacing.curve import Curve
from harness.pacing.shapes import SECOND_NS, Bursts, OpeningBurst, Ramp, Shaped, StatedPeak, Steps

CHANCE = 1e-9
RAMP = Ramp(from_per_s=1_000, to_per_s=9_000, over_ns=4 * SECOND_NS)
STEPS = Steps(rates_per_s=(2_000, 8_000, 5_000), each_ns=SECOND_NS)
BURSTS = Bursts(quiet_per_s=1_000, quiet_ns=3 * SECOND_NS // 4, burst_per_s=17_000, burst_ns=SECOND_NS // 4)
OPENING = OpeningBurst(peak_per_s=20_000, then_per_s=4_000, halves_in_ns=SECOND_NS // 2)
OWN = Curve(((0, 500), (SECOND_NS, 6_000), (2 * SECOND_NS, 500)), repeats=True)
SHAPES = (RAMP, STEPS, BURSTS, OPENING, OWN)


def in_seconds(shape, seconds):
    """How many commands fall due in each of the first seconds, evenly."""
    due_ns = Shaped(shape=shape, poisson=False).due_ns(1, 200_000)
    return np.bincount(due_ns // SECOND_NS)[:seconds].tolist()


@pytest.mark.parametrize(
    ("shape", "span_s", "mean_per_s", "seconds"),
    [
        (RAMP, 4, 5_000, [2_000, 4_000, 6_000, 8_000, 9_000, 9_000]),
        (STEPS, 3, 5_000, [2_000, 8_000, 5_000, 5_000]),
        (BURSTS, 1, 5_000, [5_000] * 8),
        (OPENING, 5, 6_396.875, [13_000, 6_250, 4_562, 4_141, 4_031, 4_000, 4_000]),
        (OWN, 2, 3_250, [3_250] * 5),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_shape_asks_for_what_its_name_says(shape, span_s, mean_per_s, seconds):
    pacing = Shaped(shape=shape, poisson=False)
    assert pacing.span_ns == span_s * SECOND_NS
    assert pacing.rate_per_s == pytest.approx(mean_per_s)
    assert in_seconds(shape, len(seconds)) == pytest.approx(seconds, abs=1)


def test_an_opening_burst_begins_at_its_peak_and_halves_until_little_is_left():
    """A twentieth of a second wide, the windows hold what the rate is in their middle."""
    due_ns = Shaped(shape=OPENING, poisson=False).due_ns(1, 60_000)
    rates = np.bincount(due_ns // (SECOND_NS // 20)) * 20
    above = [(rates[10 * halving] - 4_000) / (rates[10 * (halving + 1)] - 4_000) for halving in range(4)]
    assert above == pytest.approx([2] * 4, rel=0.05)
    assert rates[0] == pytest.approx(20_000 - 8_000 / 20, abs=20)
    assert (rates[101:-1] == 4_000).all()


def test_bursts_are_square():
    due_ns = Shaped(shape=BURSTS, poisson=False).due_ns(1, 5_000)
    assert (due_ns < 3 * SECOND_NS // 4).sum() == 750
    assert set(np.diff(due_ns[:750]).tolist()) == {1_000_000}
    assert set(np.diff(due_ns[750:]).tolist()) <= {58_823, 58_824}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: type(shape).__name__)
@settings(deadline=None, max_examples=5)
@given(root=st.integers(0, 2**64))
def test_poisson_arrivals_have_the_shape_as_their_intensity(shape, root):
    """Seen against what is asked for by then, the gaps are exponential; and each window holds as many as it should.

    Either bound fails by chance once in 10^9 at most.
    """
    pacing = Shaped(shape=shape).seeded(Seed(root))
    due_ns = pacing.due_ns(1, 20_000)
    assert (np.diff(due_ns) >= 0).all()
    gaps = np.diff([pacing.asked_by(at_ns) for at_ns in due_ns[:5_000].tolist()], prepend=0)
    assert stats.kstest(gaps, "expon").pvalue > CHANCE
    edges_ns = np.linspace(0, SECOND_NS, 11).astype(np.int64)
    for (begin_ns, end_ns), seen in zip(pairwise(edges_ns.tolist()), np.histogram(due_ns, edges_ns)[0], strict=True):
        expected = pacing.asked_by(end_ns) - pacing.asked_by(begin_ns)
        assert stats.poisson.ppf(CHANCE / 20, expected) <= seen <= stats.poisson.isf(CHANCE / 20, expected)


@pytest.mark.parametrize("poisson", [False, True])
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: type(shape).__name__)
def test_any_slicing_gives_the_same_times(shape, poisson):
    pacing = Shaped(shape=shape, poisson=poisson).seeded(Seed(3))
    whole = pacing.due_ns(1, 70_000)
    cuts = [0, 1, 17, 30_000, 65_530, 65_540, 70_000]
    sliced = [pacing.due_ns(begin + 1, end - begin) for begin, end in reversed(list(pairwise(cuts)))]
    assert np.array_equal(np.concatenate(sliced[::-1]), whole)


def test_the_seed_decides_and_even_arrivals_need_none():
    pacing = Shaped(shape=RAMP)
    one, other = (pacing.seeded(Seed(root)).due_ns(1, 100) for root in (1, 2))
    assert not np.array_equal(one, other)
    assert np.array_equal(one, pacing.seeded(Seed(1)).due_ns(1, 100))
    even = Shaped(shape=RAMP, poisson=False)
    assert np.array_equal(even.seeded(Seed(1)).due_ns(1, 100), even.due_ns(1, 100))


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: type(shape).__name__)
def test_at_another_rate_it_is_the_mean_that_is_meant_and_the_times_of_the_shape_stay(shape):
    pacing = Shaped(shape=shape).seeded(Seed(4))
    faster = pacing.at_rate(3 * pacing.rate_per_s)
    assert faster.rate_per_s == 3 * pacing.rate_per_s
    assert faster.span_ns == pacing.span_ns
    assert faster.seed == pacing.seed
    for part in range(1, 8):
        at_ns = part * pacing.span_ns // 4
        assert faster.asked_by(at_ns) == pytest.approx(3 * pacing.asked_by(at_ns))


def test_a_rate_or_a_shape_that_cannot_be_is_refused():
    with pytest.raises(SetupError, match="a pace of 0 commands/s"):
        Shaped(shape=RAMP).at_rate(0)
    with pytest.raises(SetupError, match="every rate must be"):
        Shaped(shape=OPENING).at_rate(9e8)
    with pytest.raises(SetupError, match="in the order of time"):
        Shaped(shape=Ramp(from_per_s=1, to_per_s=2, over_ns=-1))
    with pytest.raises(SetupError, match="its first point must lie at 0"):
        Shaped(shape=Steps(rates_per_s=(), each_ns=SECOND_NS))


def test_a_stated_peak_is_multiplied_and_held_in_every_second():
    assert StatedPeak().paced(40_000) == Constant(80_000)
    assert StatedPeak(times=1.5).paced(1_000) == Constant(1_500)
    with pytest.raises(SetupError, match="a pace of 0 commands/s"):
        StatedPeak().paced(0)


def test_the_description_names_the_settings_and_nothing_else():
    ramp = "Ramp(from_per_s=1000, to_per_s=9000, over_ns=4000000000)"
    assert repr(Shaped(shape=RAMP).seeded(Seed(9))) == f"Shaped(shape={ramp}, poisson=True, mean_per_s=0)"
