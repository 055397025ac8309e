"""Intervals: checked against what they promise, not against themselves."""

import numpy as np
import pytest

from harness.base.histogram import Histogram
from harness.base.stats import mean, quantile, rank, share


def test_the_interval_of_a_quantile_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(11)
    truth = int(np.log(100) * 1e6)  # p99 of an exponential with mean 1e6
    covered = 0
    for _ in range(400):
        histogram = Histogram()
        histogram.record(rng.exponential(1e6, 2000).astype(np.int64))
        told = quantile(histogram, 0.99)
        covered += told.low <= truth <= told.high
    assert covered / 400 >= 0.93


def test_more_evidence_narrows_the_interval():
    rng = np.random.default_rng(12)
    widths = []
    for count in (500, 50_000):
        histogram = Histogram()
        histogram.record(rng.exponential(1e6, count).astype(np.int64))
        told = quantile(histogram, 0.9)
        widths.append(told.high - told.low)
    assert widths[1] < widths[0] / 5


def test_the_mean_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(13)
    covered = sum(told.low <= 3.0 <= told.high for told in (mean(rng.normal(3.0, 1.0, 12)) for _ in range(1000)))
    assert 0.93 <= covered / 1000 <= 0.97


def test_a_mean_of_one_value_has_no_interval():
    with pytest.raises(ValueError, match="at least 2"):
        mean(np.array([1.0]))


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"), [(0, 500, 0.0, 0.00735), (500, 500, 0.99265, 1.0), (5, 10, 0.18709, 0.81291)]
)
def test_shares_have_the_exact_interval(hits, total, low, high):
    told = share(hits, total)
    assert told.low == pytest.approx(low, abs=1e-4)
    assert told.high == pytest.approx(high, abs=1e-4)


def test_a_share_may_be_told_with_more_confidence():
    """Clopper and Pearson's ends are quantiles of beta distributions; of none among n, in closed form."""
    surer = share(0, 100, 1 - 0.05 / 16)
    assert surer.high == pytest.approx(1 - (0.025 / 16) ** (1 / 100))
    assert surer.high > share(0, 100).high


def test_a_share_of_nothing_is_an_error():
    with pytest.raises(ValueError, match="nothing"):
        share(0, 0)


@pytest.mark.parametrize(
    ("fraction", "total", "wanted"),
    [(99.9 / 100, 1000, 999), (0.99, 100, 99), (0.5, 3, 2), (0.999, 10, 10), (0.001, 10, 1)],
)
def test_the_rank_is_that_of_the_decimal_fraction(fraction, total, wanted):
    assert rank(fraction, total) == wanted
