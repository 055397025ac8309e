"""Intervals: how sure a measured figure is. Floats live here and at display, nowhere else."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from harness.base.findings import Interval
from harness.base.histogram import Histogram

CONFIDENCE = 0.95


def quantile(histogram: Histogram, fraction: float) -> Interval:
    """A quantile with its distribution-free 95 % interval from order statistics.

    The interval's ends are the values whose ranks enclose the quantile with 95 % (binomial ranks; David and Nagaraja, Order
    Statistics, section 7.1). It takes the observations as independent: samples that come in bursts are less sure than it says.

    Raises:
        ValueError: the histogram is empty.
    """
    from scipy.special import bdtrik  # noqa: PLC0415 - 0.3 s of import, needed only where something is judged

    total = histogram.total
    tail = (1 - CONFIDENCE) / 2
    low_rank = math.floor(float(bdtrik(tail, total, fraction))) if total else 0
    high_rank = math.ceil(float(bdtrik(1 - tail, total, fraction))) + 1
    value = histogram.at_rank(rank(fraction, total))
    return Interval(value, histogram.at_rank(low_rank), histogram.at_rank(high_rank))


def rank(fraction: float, total: int) -> int:
    """The rank of a quantile among `total` values, from 1; what the binary form of a fraction adds does not move it."""
    return max(1, math.ceil(round(fraction * total, 6)))


def mean(values: npt.NDArray[np.float64]) -> Interval:
    """The mean with its 95 % Student interval, shape (n,), n >= 2.

    Raises:
        ValueError: fewer than two values.
    """
    from scipy.special import stdtrit  # noqa: PLC0415 - as above

    count = values.size
    if count < 2:
        raise ValueError(f"a mean with an interval needs at least 2 values, not {count}")
    middle = float(values.mean())
    half = float(stdtrit(count - 1, (1 + CONFIDENCE) / 2)) * float(values.std(ddof=1)) / math.sqrt(count)
    return Interval(middle, middle - half, middle + half)


def share(hits: int, total: int, confidence: float = CONFIDENCE) -> Interval:
    """A share with its exact interval (Clopper and Pearson 1934); 0 of n still has an upper end above 0.

    Raises:
        ValueError: total is 0.
    """
    from scipy.special import betaincinv  # noqa: PLC0415 - as above

    if total <= 0:
        raise ValueError("a share of nothing is not a number")
    tail = (1 - confidence) / 2
    low = float(betaincinv(hits, total - hits + 1, tail)) if hits else 0.0
    high = float(betaincinv(hits + 1, total - hits, 1 - tail)) if hits < total else 1.0
    return Interval(hits / total, low, high)
