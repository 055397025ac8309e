"""The histogram against sorted values and against the public package whose layout it has."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hdrh.histogram import HdrHistogram
from hypothesis import given
from hypothesis import strategies as st

from harness.base import histogram as module
from harness.base.histogram import Histogram, bucket_high, bucket_low, bucket_of

VALUES = st.lists(st.integers(0, 2**62), min_size=1, max_size=200)


ROOT = Path(__file__).parents[4]


def filled(values: list[int]) -> Histogram:
    histogram = Histogram()
    histogram.record(np.array(values, np.int64))
    return histogram


@given(st.integers(0, 2**63 - 1))
def test_a_value_lies_in_its_bucket_which_is_narrow(value):
    bucket = int(bucket_of(np.array([value], np.int64))[0])
    assert bucket_low(bucket) <= value <= bucket_high(bucket)
    assert bucket_high(bucket) - bucket_low(bucket) <= max(value / 1000, 0)


@pytest.mark.parametrize("power", range(63))
def test_values_around_powers_of_two_fall_into_the_right_bucket(power):
    for value in (2**power - 1, 2**power, 2**power + 1):
        bucket = int(bucket_of(np.array([value], np.int64))[0])
        assert bucket_low(bucket) <= value <= bucket_high(bucket)


@given(VALUES, st.integers(1, 200))
def test_a_rank_is_told_within_a_thousandth_and_never_too_low(values, rank):
    exact = sorted(values)[min(rank, len(values)) - 1]
    told = filled(values).at_rank(rank)
    assert exact <= told <= exact * 1.001 + 1


@given(VALUES, VALUES)
def test_merging_is_recording_both(some, others):
    merged = filled(some)
    merged.merge(filled(others))
    both = filled(some + others)
    assert (merged.counts == both.counts).all()
    assert (merged.low, merged.high) == (both.low, both.high)


@given(VALUES)
def test_stored_and_read_again_it_is_the_same(values):
    histogram = filled(values)
    again = Histogram.of(histogram.distribution())
    assert (again.counts == histogram.counts).all()
    assert again.distribution() == histogram.distribution()


def test_its_buckets_are_those_of_the_public_histogram():
    values = np.random.default_rng(5).lognormal(12, 3, 5000).astype(np.int64)
    public = HdrHistogram(1, 2**62, 3)
    for value in values.tolist():
        public.record_value(value)
    ours = filled(values.tolist())
    for percent in (1, 25, 50, 90, 99, 99.9, 100):
        rank = max(1, round(percent / 100 * len(values)))
        assert ours.at_rank(rank) == pytest.approx(public.get_value_at_percentile(percent), rel=0.002)


def test_an_empty_histogram_has_no_quantile():
    with pytest.raises(ValueError, match="empty"):
        Histogram().at_rank(1)


def test_values_below_zero_count_as_zero():
    assert filled([-5, 3]).at_rank(1) == 0


def test_a_histogram_of_many_values_goes_on_with_the_kernel_and_tells_the_same(monkeypatch):
    values = np.random.default_rng(5).lognormal(12, 3, 2_000).astype(np.int64)
    plain = filled(values.tolist())
    monkeypatch.setattr(module, "MANY", 500)
    both = Histogram()
    for at in range(0, len(values), 250):
        both.record(values[at : at + 250])
    assert both.distribution() == plain.distribution()


FEW = """
import sys
import numpy as np
from harness.base.histogram import MANY, Histogram
one = Histogram()
one.record(np.arange(MANY))
print('numba' in sys.modules)
one.record(np.arange(1))
print('numba' in sys.modules, one.total == MANY + 1)
"""


def test_few_values_never_load_numba():
    told = subprocess.run([sys.executable, "-c", FEW], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "True", "True"]
