"""The times of a recording as the times of its replay, as many times as fast: a real day's bursts and lulls.

What the recording tells is what came from its open on. The book of the open is sent before that, at a steady pace: all at once it
would be a burst that no market saw, and the engine would still be busy with it when the day begins.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from harness.base.errors import SetupError
from harness.base.records import NONE, Int64Array
from harness.base.seeds import Seed
from harness.pacing import LATEST_NS, Constant, Pacing, check_rate

LEAST_SPEED, MOST_SPEED = 0.001, 1_000.0
MILLION = 1_000_000
"""A speed counts in whole millionths, so that due times are exact."""


@dataclass(frozen=True, slots=True)
class AsRecorded:
    """A pace that is known once the times of the recording are: each command when its record came, divided by the speed."""

    speed: float = 1.0
    opening_per_s: float = 1_000.0
    """The pace of the opening book; the day begins when the next of its orders would be due."""

    def __post_init__(self) -> None:
        check_rate(self.opening_per_s)
        if not LEAST_SPEED <= self.speed <= MOST_SPEED:
            raise SetupError(
                f"a recording cannot be replayed {self.speed:g} times as fast; wanted a speed from {LEAST_SPEED:g} to "
                f"{MOST_SPEED:,g}; 1 is its own"
            )

    def paced(self, times_ns: Int64Array) -> Replayed:
        """The pace of a recording, by the time of each command: NONE for the opening book, then times that never go back, from any origin.

        Raises:
            SetupError: it is too long for so slow a replay.
        """
        return Replayed(self, times_ns)


@dataclass(frozen=True, slots=True, repr=False)
class Replayed:
    """The pace of one recording; evidence tells it by what was asked for."""

    by: AsRecorded
    times_ns: Int64Array = field(compare=False)
    _due_ns: Int64Array = field(init=False, compare=False)

    def __post_init__(self) -> None:
        # A frozen dataclass is filled in so; the due times follow from what it was given.
        object.__setattr__(self, "_due_ns", _due_ns(self.by, self.times_ns))

    def __repr__(self) -> str:
        return repr(self.by)

    @property
    def rate_per_s(self) -> float:
        """What is asked for on average, the opening book included."""
        return len(self._due_ns) * 1e9 / self.span_ns

    @property
    def span_ns(self) -> int:
        """Up to where it begins again: behind the last command comes the first order of the opening book, at its pace."""
        return int(self._due_ns[-1]) + max(round(1e9 / self.by.opening_per_s), 1)

    def due_ns(self, first: int, count: int) -> Int64Array:
        """By the number alone; where the commands of the recording are through, its times begin again."""
        loops, within = np.divmod(np.arange(first - 1, first - 1 + count), len(self._due_ns))
        return loops * self.span_ns + self._due_ns[within]

    def asked_by(self, elapsed_ns: int) -> float:
        loops, within_ns = divmod(elapsed_ns, self.span_ns)
        return float(loops * len(self._due_ns) + np.searchsorted(self._due_ns, within_ns, side="right"))

    def seeded(self, seed: Seed) -> Pacing:
        del seed
        return self

    def at_rate(self, rate_per_s: float) -> Pacing:
        """The opening book and the day, faster or slower by one factor."""
        check_rate(rate_per_s)
        factor = rate_per_s / self.rate_per_s
        return AsRecorded(self.by.speed * factor, self.by.opening_per_s * factor).paced(self.times_ns)


def _due_ns(by: AsRecorded, times_ns: Int64Array) -> Int64Array:
    """When every command is due, since the first of the opening book."""
    opening = int(np.count_nonzero(times_ns == NONE))
    since_open_ns = times_ns[opening:] - times_ns[opening : opening + 1]
    speed, opens_ns = round(by.speed * MILLION), round(opening * 1e9 / by.opening_per_s)
    if len(since_open_ns) and int(since_open_ns[-1]) * MILLION // speed + opens_ns > LATEST_NS:
        raise SetupError(
            f"a recording of {int(since_open_ns[-1]):,} ns is too long to be replayed {by.speed:g} times as fast"
        )
    # Divided in two steps: after some hours, ns times a million are more than 64 bits hold.
    whole, rest = np.divmod(since_open_ns, speed)
    day_ns = opens_ns + whole * MILLION + rest * MILLION // speed
    return np.concatenate([Constant(by.opening_per_s).due_ns(1, opening), day_ns])
