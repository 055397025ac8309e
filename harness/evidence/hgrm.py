"""latency.hgrm: a percentile distribution as the public HdrHistogram tools write it and their plotters read it.

Values are in milliseconds, which the public plotter takes by default, with six decimals, so that a nanosecond is not lost; the percentiles
are those at which the original stops. It is written here since the Python package stops at others and leaves the deviation in nanoseconds.
Source: HdrHistogram, `AbstractHistogram.outputPercentileDistribution` and `PercentileIterator`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from harness.base.findings import Distribution
from harness.base.histogram import SUB_BITS, bucket_high, bucket_low
from harness.evidence.store import write_bytes

TICKS_PER_HALF = 5
"""Rows from one percentile to the one that halves what is left up to 100: what the public tools take by default."""
BUCKETS = 64 - SUB_BITS
"""How many powers of two the histograms reach over."""
_NS_PER_MS = 1e6


class Row(NamedTuple):
    """A value, the percentile that it stands for, and how many values there are up to it."""

    value_ns: int
    percent: float
    upto: int


def write_hgrm(path: Path, stored: Distribution) -> None:
    """Write the distribution, its mean and deviation, its highest value and how many values there are."""
    head = f"{'Value':>12} {'Percentile':>14} {'TotalCount':>10} {'1/(1-Percentile)':>14}"
    write_bytes(path, "\n".join([head, "", *map(_line, rows(stored)), *_foot(stored), ""]).encode())


def rows(stored: Distribution) -> Iterator[Row]:
    """The rows, each at the first value that reaches its percentile; the last one is the highest value, at 100."""
    total = sum(count for _, count in stored.buckets)
    percent, upto = 0.0, 0
    for bucket, count in stored.buckets:
        upto += count
        while percent <= 100.0 * upto / total and upto < total:
            yield Row(bucket_high(bucket), percent, upto)
            percent = following(percent)
    if total:
        high = bucket_high(stored.buckets[-1][0])
        yield Row(high, percent, total)
        yield Row(high, 100.0, total)


def following(percent: float) -> float:
    """The percentile after this one: the steps halve each time that what is left up to 100 is halved."""
    halvings = int(math.log(100.0 / (100.0 - percent)) / math.log(2))
    return percent + 100.0 / (TICKS_PER_HALF * (1 << halvings + 1))


def _line(row: Row) -> str:
    fraction = row.percent / 100.0
    told = f"{row.value_ns / _NS_PER_MS:12.6f} {fraction:.12f} {row.upto:10d}"
    return told if row.percent == 100.0 else f"{told} {1 / (1 - fraction):14.2f}"


def _foot(stored: Distribution) -> tuple[str, ...]:
    """Mean and deviation go by the middle of each bucket, and the maximum by the end of its bucket, as in the original."""
    middles = [(_middle(bucket), count) for bucket, count in stored.buckets]
    total = sum(count for _, count in middles)
    mean = sum(middle * count for middle, count in middles) / max(total, 1)
    deviation = math.sqrt(sum((middle - mean) ** 2 * count for middle, count in middles) / max(total, 1))
    high = bucket_high(stored.buckets[-1][0]) if stored.buckets else 0
    return (
        f"#[Mean    = {mean / _NS_PER_MS:12.6f}, StdDeviation   = {deviation / _NS_PER_MS:12.6f}]",
        f"#[Max     = {high / _NS_PER_MS:12.6f}, Total count    = {total:12d}]",
        f"#[Buckets = {BUCKETS:12d}, SubBuckets     = {1 << SUB_BITS:12d}]",
    )


def _middle(bucket: int) -> int:
    low = bucket_low(bucket)
    return low + ((bucket_high(bucket) - low + 1) >> 1)
