"""A recording's own times as a pace: exact at any speed, with the opening book ahead of the day."""

from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.base.errors import SetupError
from harness.base.records import NONE
from harness.base.seeds import Seed
from harness.pacing.as_recorded import AsRecorded

OPENS_NS = 1_703_545_200_107_250_074
"""A moment of 2023: due times count from the open, whatever the origin of the recorded ones."""


def times(*since_open_ns, opening=0):
    return np.array([NONE] * opening + [OPENS_NS + one for one in since_open_ns], np.int64)


@given(
    since=st.lists(st.integers(0, 8 * 86_400 * 10**9), min_size=1).map(sorted),
    millionths=st.one_of(st.sampled_from([1, 2, 3, 10, 100]).map(lambda speed: speed * 10**6), st.integers(1_000, 10**9)),
)  # fmt: skip
def test_each_command_is_due_when_its_record_came_divided_by_the_speed(since, millionths):
    due_ns = AsRecorded(millionths / 10**6).paced(times(*since)).due_ns(1, len(since))
    exact = [Fraction((one - since[0]) * 10**6, millionths) for one in since]
    assert due_ns.tolist() == [floor(one) for one in exact]


@given(cuts=st.lists(st.integers(1, 40), max_size=10))
def test_a_due_time_hangs_on_the_number_alone(cuts):
    pacing = AsRecorded(7).paced(times(*range(0, 3_000, 100), opening=10))
    parts, first = [], 1
    for cut in cuts:
        parts += pacing.due_ns(first, cut).tolist()
        first += cut
    assert parts == pacing.due_ns(1, first - 1).tolist()


def test_the_opening_book_comes_first_at_its_own_pace_whatever_the_speed():
    for speed in (1, 100):
        due_ns = AsRecorded(speed, opening_per_s=2_000).paced(times(0, 600, opening=4)).due_ns(1, 6)
        assert due_ns.tolist() == [0, 500_000, 1_000_000, 1_500_000, 2_000_000, 2_000_000 + 600 // speed]


def test_where_the_recording_ends_its_times_begin_again():
    pacing = AsRecorded(2, opening_per_s=1_000).paced(times(0, 600, opening=1))
    once = [0, 1_000_000, 1_000_300]
    assert pacing.span_ns == 2_000_300, "the first order of the opening book comes as the next one would"
    assert pacing.due_ns(1, 7).tolist() == [*once, *(2_000_300 + due for due in once), 4_000_600]
    assert [pacing.asked_by(after) for after in (2_000_299, 2_000_300, 3_000_300, 4_000_599)] == [3, 4, 5, 6]


def test_what_is_asked_for_and_when():
    pacing = AsRecorded().paced(times(0, 10**9, 4 * 10**9, opening=1_000))
    assert (pacing.span_ns, pacing.rate_per_s) == (5_001_000_000, 1_003 / 5.001)
    assert [pacing.asked_by(second * 10**9) for second in (0, 1, 2, 5)] == [1, 1_001, 1_002, 1_003]
    assert repr(pacing) == "AsRecorded(speed=1.0, opening_per_s=1000.0)"


def test_another_rate_changes_all_of_it_by_one_factor():
    pacing = AsRecorded().paced(times(0, 10**9, 4 * 10**9, opening=1_000))
    faster = pacing.at_rate(10 * pacing.rate_per_s)
    assert faster.rate_per_s == pytest.approx(10 * pacing.rate_per_s)
    assert faster.due_ns(1, 1_003).tolist() == [due // 10 for due in pacing.due_ns(1, 1_003).tolist()]
    assert pacing.seeded(Seed(3)) == pacing


@pytest.mark.parametrize("speed", [0, -1, 0.0001, 1_001, float("nan"), float("inf")])
def test_a_speed_that_cannot_be(speed):
    with pytest.raises(SetupError, match=r"times as fast; wanted a speed from 0.001 to 1,000"):
        AsRecorded(speed)


def test_a_pace_of_the_opening_that_cannot_be():
    with pytest.raises(SetupError, match="a pace of 0 commands/s"):
        AsRecorded(opening_per_s=0)


def test_a_recording_that_would_last_for_centuries():
    with pytest.raises(SetupError, match=r"too long to be replayed 0.001 times as fast"):
        AsRecorded(0.001).paced(np.array([0, 2**60], np.int64))
