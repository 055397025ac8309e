"""The clock, handed in as a parameter so that a test can turn it by hand."""

from __future__ import annotations

import time
from typing import Protocol

SPIN_NS = 200_000
"""The last stretch before a due time is spun, since a sleep wakes some 70 us late."""


class Clock(Protocol):
    """Monotonic nanoseconds since the run's start, and waiting for a point in them."""

    def now_ns(self) -> int: ...

    def wait_until(self, due_ns: int) -> None: ...


class MonotonicClock:
    """The machine's monotonic clock, counted from the moment this object was made."""

    def __init__(self) -> None:
        self.origin_ns = time.perf_counter_ns()
        """Where it counts from, by the machine's clock."""

    def now_ns(self) -> int:
        return time.perf_counter_ns() - self.origin_ns

    def wait_until(self, due_ns: int) -> None:
        """Sleep until shortly before `due_ns`, then spin."""
        while (left_ns := due_ns - self.now_ns()) > 0:
            if left_ns > SPIN_NS:
                time.sleep((left_ns - SPIN_NS) / 1e9)


class CommonClock(MonotonicClock):
    """Counts from a moment that several processes agree on, by the time of day that their machines share."""

    def count_from(self, unix_ns: int) -> None:
        """Count from then on; it may lie ahead."""
        self.origin_ns = time.perf_counter_ns() + unix_ns - time.time_ns()
