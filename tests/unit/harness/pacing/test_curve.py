"""A curve of rates against its integral in exact fractions: nothing of the closed form is taken on trust."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.base.errors import SetupError
from harness.pacing import LATEST_NS
from harness.pacing.curve import Curve

SECOND_NS = 10**9
PAUSED = Curve(((0, 10), (SECOND_NS, 10), (SECOND_NS, 0), (2 * SECOND_NS, 0), (2 * SECOND_NS, 10)))


def asked(curve, at_ns):
    """How many commands the curve asks for up to then, in exact fractions, line by line."""
    turns, rest_ns = divmod(at_ns, curve.span_ns) if curve.repeats else (0, at_ns)
    lines = list(pairwise(curve.points))
    if not curve.repeats:
        lines.append((curve.points[-1], (LATEST_NS, curve.points[-1][1])))
    return turns * sum(area(*line, curve.span_ns) for line in lines if curve.repeats) + sum(
        area(*line, rest_ns) for line in lines
    )


def area(begin, end, until_ns):
    """Under one line, up to a time."""
    (from_ns, rate), (to_ns, to_rate) = begin, end
    into_ns = min(max(until_ns - from_ns, 0), to_ns - from_ns)
    if not into_ns:
        return Fraction(0)
    at_end = Fraction(rate) + (Fraction(to_rate) - Fraction(rate)) * into_ns / (to_ns - from_ns)
    return (Fraction(rate) + at_end) / 2 * into_ns / SECOND_NS


rates = st.one_of(st.just(0), st.integers(1, 10**6), st.floats(1e-3, 1e6))
gaps_ns = st.one_of(st.just(0), st.integers(1, 10**10))


@st.composite
def curves(draw):
    times_ns = np.cumsum([0, *draw(st.lists(gaps_ns, min_size=1, max_size=6))]).tolist()
    points = tuple((at_ns, draw(rates)) for at_ns in times_ns)
    repeats = draw(st.booleans())
    try:
        return Curve(points, repeats)
    except SetupError:
        return Curve((*points, (points[-1][0] + 1, draw(st.integers(1, 10**6)))), repeats)


@settings(deadline=None, max_examples=300)
@given(curves(), st.lists(st.integers(0, 10**10), min_size=1, max_size=20).map(sorted))
def test_each_count_has_the_time_by_which_the_curve_asked_for_it(curve, counts):
    due_ns = curve.when_ns(np.array(counts, np.float64))
    assert (np.diff(due_ns) >= 0).all()
    for count, at_ns in zip(counts, due_ns.tolist(), strict=True):
        if at_ns >= LATEST_NS - 10**12:
            continue
        last_bits = Fraction(count, 2**50)
        assert asked(curve, max(at_ns - 1, 0)) <= count + last_bits
        assert asked(curve, at_ns + 1) >= count - last_bits


@settings(deadline=None, max_examples=200)
@given(curves(), st.integers(0, 10**14))
def test_what_is_asked_for_by_a_time_is_the_integral(curve, at_ns):
    exact = asked(curve, at_ns)
    assert curve.count(at_ns) == pytest.approx(float(exact), rel=1e-12, abs=1e-9)


@settings(deadline=None, max_examples=100)
@given(curves(), st.integers(1, 10**9), st.integers(1, 400), st.integers(1, 400))
def test_any_slicing_gives_the_same_times(curve, first, count, cut):
    counts = np.arange(first, first + count, dtype=np.float64)
    sliced = [curve.when_ns(counts[:cut]), curve.when_ns(counts[cut:])]
    assert np.array_equal(np.concatenate(sliced), curve.when_ns(counts))


@settings(deadline=None, max_examples=100)
@given(curves(), st.floats(0.01, 100))
def test_a_scaled_curve_asks_for_as_many_times_as_much(curve, factor):
    scaled = curve.scaled(factor)
    assert scaled.span_ns == curve.span_ns
    assert scaled.mean_per_s == pytest.approx(curve.mean_per_s * factor)
    assert scaled.count(curve.span_ns // 3) == pytest.approx(curve.count(curve.span_ns // 3) * factor)


def test_what_falls_due_in_a_pause_comes_at_its_end():
    assert PAUSED.when_ns(np.array([9.0, 10.0, 11.0])).tolist() == [900_000_000, 2_000_000_000, 2_100_000_000]
    ends = Curve(((0, 10), (SECOND_NS, 10), (SECOND_NS, 0), (2 * SECOND_NS, 0)), repeats=True)
    assert ends.when_ns(np.array([9.0, 10.0, 20.0])).tolist() == [900_000_000, 2_000_000_000, 4_000_000_000]
    begins = Curve(((0, 0), (SECOND_NS, 0), (SECOND_NS, 10)))
    assert begins.when_ns(np.array([0.0, 1.0])).tolist() == [1_000_000_000, 1_100_000_000]


def test_a_curve_that_repeats_does_not_drift_over_a_month():
    curve = Curve(((0, 1), (SECOND_NS, 200_001), (3 * SECOND_NS, 1)), repeats=True)
    turns = 30 * 86_400 // 3
    starts_ns = curve.when_ns(np.arange(turns - 5, turns, dtype=np.float64) * 300_003)
    assert starts_ns.tolist() == [turn * 3 * SECOND_NS for turn in range(turns - 5, turns)]


def test_what_is_asked_for_beyond_all_time_keeps_its_order():
    rare = Curve(((0, 0), (SECOND_NS, 0), (SECOND_NS, 1), (SECOND_NS + 1, 1)), repeats=True)
    due_ns = rare.when_ns(np.arange(0, 100, 0.25))
    assert (np.diff(due_ns) >= 0).all()
    assert (due_ns[0], due_ns[-1]) == (SECOND_NS, LATEST_NS)


def test_the_last_rate_goes_on():
    curve = Curve(((0, 0), (2 * SECOND_NS, 100)))
    assert curve.mean_per_s == 50
    assert curve.when_ns(np.array([0.0, 1.0, 25.0, 100.0, 300.0])).tolist() == [
        0, 200_000_000, 1_000_000_000, 2_000_000_000, 4_000_000_000,
    ]  # fmt: skip
    assert [curve.count(seconds * SECOND_NS) for seconds in (0, 1, 2, 4)] == [0, 25, 100, 300]


def test_a_single_point_is_a_rate_for_ever():
    curve = Curve(((0, 4),))
    assert (curve.span_ns, curve.mean_per_s, curve.count(3 * SECOND_NS)) == (0, 4, 12)
    assert curve.when_ns(np.array([1.0, 2.0**80])).tolist() == [250_000_000, LATEST_NS]


@pytest.mark.parametrize(
    ("points", "repeats", "said"),
    [
        ((), False, "its first point must lie at 0"),
        (((1, 5),), False, "its first point must lie at 0"),
        (((0, 5), (10, 5), (9, 5)), False, "in the order of time"),
        (((0, 5), (LATEST_NS // 2 + 1, 5)), False, "in the order of time"),
        (((0, 5), (10, -1)), False, "every rate must be 0, or a number from 0.000001 to 1,000,000,000 a second"),
        (((0, 5), (10, float("nan"))), False, "every rate must be"),
        (((0, 1.1e9),), False, "every rate must be"),
        (((0, 5), (10, 0)), False, "it comes to rest at 0, and what is due then never comes"),
        (((0, 0), (10, 0)), True, "it comes to rest at 0"),
        (((0, 5),), True, "it comes to rest at 0"),
    ],
)
def test_a_curve_that_cannot_be_is_refused(points, repeats, said):
    with pytest.raises(SetupError, match=said):
        Curve(points, repeats)
