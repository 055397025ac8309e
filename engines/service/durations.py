"""How long something took, counted in a few classes as Prometheus has them, for a few hundred nanoseconds a look.

The classes are those that alerts and operators ask about, from a sync of a good disk to a service that stands still.
"""

from __future__ import annotations

from bisect import bisect_left

BOUNDS_NS = tuple(
    round(milliseconds * 1_000_000)
    for milliseconds in (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000)
)
"""Each class holds what took longer than the bound before, and not longer than its own; a last one holds all beyond."""


class Durations:
    """Written by one thread, read by any."""

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS_NS) + 1)
        self.sum_ns = 0

    def add(self, duration_ns: int, times: int = 1) -> None:
        """Count a duration that so many had."""
        self.counts[bisect_left(BOUNDS_NS, duration_ns)] += times
        self.sum_ns += duration_ns * times
