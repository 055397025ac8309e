"""An HdrHistogram of 3 significant digits, filled in batches and mergeable.

The bucket layout is that of the public HdrHistogram (2048 sub-buckets, the lowest discernible value 1), so that counts move
to and from the public tools without loss. Recording is a few array operations a batch instead of 3 us a value; a histogram that
has taken many values goes on with a kernel.
Source: G. Tene, HdrHistogram, "getBucketIndex" and "countsArrayIndex".
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Self

import numpy as np
import numpy.typing as npt

from harness.base.findings import Distribution
from harness.base.records import Int64Array

SUB_BITS = 11
HALF = 1 << (SUB_BITS - 1)
MANY = 2**20
"""Values from which on a histogram uses the kernel. To load numba takes as long as numpy needs for tens of millions of
values: most histograms must never pay for that, and a long one hardly feels it."""
_BUCKETS = (64 - SUB_BITS + 1) * HALF


def bucket_of(values: Int64Array, sub_bits: int = SUB_BITS) -> Int64Array:
    """The bucket of each value; values below 0 count as 0. Shape (n,) to (n,). Fewer `sub_bits` are coarser buckets."""
    wide = np.maximum(values, 0).astype(np.int64)
    # frexp of a float64 is exact for the bit length of all but values that round up to a power of two; mend those.
    bits = np.frexp(wide.astype(np.float64))[1].astype(np.int64)
    bits -= (wide >> np.maximum(bits - 1, 0)) == 0
    shift = np.maximum(bits - sub_bits, 0)
    bucket: Int64Array = (shift << (sub_bits - 1)) + (wide >> shift)
    return bucket


def bucket_low(bucket: int, sub_bits: int = SUB_BITS) -> int:
    """The lowest value of a bucket."""
    half = 1 << (sub_bits - 1)
    shift = max(bucket // half - 1, 0)
    return (bucket - shift * half) << shift


def bucket_high(bucket: int, sub_bits: int = SUB_BITS) -> int:
    """The highest value of a bucket: the one that a quantile is told by, so that it is never told too low."""
    return bucket_low(bucket + 1, sub_bits) - 1


class Histogram:
    """Counts of values of 0 or more, within 0.1 % of each value."""

    def __init__(self) -> None:
        self.counts: Int64Array = np.zeros(_BUCKETS, np.int64)
        self.low = 2**63 - 1
        self.high = 0
        self._recorded = 0

    @property
    def total(self) -> int:
        return int(self.counts.sum())

    def record(self, values: npt.NDArray[np.int64]) -> None:
        """Count all values of the array, shape (n,)."""
        if values.size:
            self._recorded += values.size
            if self._recorded > MANY:
                _kernel()(self.counts, np.ascontiguousarray(values))
            else:
                np.add.at(self.counts, bucket_of(values), 1)
            self.low = min(self.low, max(int(values.min()), 0))
            self.high = max(self.high, int(values.max()))

    def merge(self, other: Histogram) -> None:
        """Add the other's counts to this one's."""
        self.counts += other.counts
        self.low = min(self.low, other.low)
        self.high = max(self.high, other.high)

    def at_rank(self, rank: int) -> int:
        """The value of the `rank`-th smallest recorded one, counted from 1 and clipped to what there is.

        Raises:
            ValueError: nothing was recorded.
        """
        total = self.total
        if not total:
            raise ValueError("an empty histogram has no quantiles")
        bucket = int(np.searchsorted(np.cumsum(self.counts), min(max(rank, 1), total)))
        return min(bucket_high(bucket), self.high)

    def distribution(self) -> Distribution:
        """The counts as evidence."""
        used = np.flatnonzero(self.counts)
        pairs = tuple(zip(used.tolist(), self.counts[used].tolist(), strict=True))
        return Distribution(buckets=pairs, low=self.low if pairs else 0, high=self.high)

    @classmethod
    def of(cls, stored: Distribution) -> Self:
        """The histogram that was stored."""
        histogram = cls()
        for bucket, count in stored.buckets:
            histogram.counts[bucket] = count
        if stored.buckets:
            # Of nothing, whose lowest is told as 0, there is no lowest that another one could be merged with.
            histogram.low, histogram.high = stored.low, stored.high
        return histogram


def make_ready() -> None:
    """Have the kernel loaded now, for who must not wait for it later."""
    _kernel()(np.zeros(_BUCKETS, np.int64), np.zeros(1, np.int64))


@lru_cache(maxsize=1)
def _kernel() -> Callable[[Int64Array, Int64Array], None]:
    from harness.base.histogram_kernel import count  # noqa: PLC0415 - numba, half a second, only for a histogram of many values

    return count
