"""Latencies by when their commands were due: a fixed number of windows, in memory of a fixed size however long a run is.

Each window has a histogram of its own, of coarser buckets than that of the whole scenario. When the windows no longer reach, they
are made twice as wide and two become one; so a value counts in its window whenever its answer comes, however late.
"""

from __future__ import annotations

import numpy as np

from harness.base.findings import Series
from harness.base.histogram import bucket_high, bucket_of
from harness.base.records import Int64Array
from harness.base.stats import rank

MOST = 240
"""Windows, in any run: a picture has no room for more, and a run of over 24 s has at least half as many."""
NARROWEST_NS = 100_000_000
SUB_BITS = 8
"""A value is told within 0.8 % of itself, and never too low."""
BUCKETS = (64 - SUB_BITS + 1) << (SUB_BITS - 1)
QUANTILES = (0.5, 0.9, 0.99)
COLUMNS = ("start_ns", "p50_ns", "p90_ns", "p99_ns", "max_ns")


class ByTime:
    """One histogram a window, and the exact maximum of each."""

    def __init__(self) -> None:
        self._width_ns = NARROWEST_NS
        self._from_ns = 2**63 - 1
        self._to_ns = -(2**63)
        self._counts = np.zeros((MOST, BUCKETS), np.int64)
        self._high_ns = np.zeros(MOST, np.int64)

    def record(self, due_ns: Int64Array, took_ns: Int64Array) -> None:
        """Count each latency in the window in which its command was due; both of shape (n,)."""
        if not due_ns.size:
            return
        self._reach(min(self._from_ns, int(due_ns.min())), max(self._to_ns, int(due_ns.max())))
        window = due_ns // self._width_ns - self._first
        np.add.at(self._counts.reshape(-1), window * BUCKETS + bucket_of(took_ns, SUB_BITS), 1)
        np.maximum.at(self._high_ns, window, took_ns)

    def series(self, name: str) -> Series:
        """One row a window that any command was due in."""
        used = np.flatnonzero(self._counts.any(axis=1))
        starts = ((used + self._first) * self._width_ns).tolist() if used.size else []
        rows = tuple((start, *self._told(place)) for start, place in zip(starts, used.tolist(), strict=True))
        return Series(name=name, unit="ns", columns=COLUMNS, rows=rows)

    @property
    def _first(self) -> int:
        """The number of the first window, counted in widths from the run's start."""
        return self._from_ns // self._width_ns

    def _reach(self, from_ns: int, to_ns: int) -> None:
        """Make the windows wide enough for all that is due from here to there, and let the first be the earliest."""
        width_ns = self._width_ns
        while to_ns // width_ns - from_ns // width_ns >= MOST:
            width_ns *= 2
        if (width_ns, from_ns // width_ns) != (self._width_ns, self._first) and self._to_ns >= self._from_ns:
            old = np.arange(self._first, self._to_ns // self._width_ns + 1) * self._width_ns
            into = old // width_ns - from_ns // width_ns
            counts, high_ns = np.zeros((MOST, BUCKETS), np.int64), np.zeros(MOST, np.int64)
            for place, window in enumerate(into.tolist()):
                counts[window] += self._counts[place]
            np.maximum.at(high_ns, into, self._high_ns[: len(into)])
            self._counts, self._high_ns = counts, high_ns
        self._width_ns, self._from_ns, self._to_ns = width_ns, from_ns, to_ns

    def _told(self, window: int) -> tuple[int, ...]:
        """The window's quantiles and its maximum, in ns."""
        upto = np.cumsum(self._counts[window])
        ranks = [rank(share, int(upto[-1])) for share in QUANTILES]
        high_ns = int(self._high_ns[window])
        found = (min(bucket_high(place, SUB_BITS), high_ns) for place in np.searchsorted(upto, ranks).tolist())
        return (*found, high_ns)
