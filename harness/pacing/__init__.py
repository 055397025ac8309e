"""When each command is due: a pure function of its number, so that a stalled engine can never slow its own load.

Due times count from the scenario's start. Nothing here sleeps; the instrument does. Here is the socket with the steady paces; `shapes.py`
holds rates that change over time and `as_recorded.py` the times of a recording; `curve.py` and `arrivals.py` are what shapes are made of.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from harness.base.errors import SetupError
from harness.base.records import NONE, Int64Array
from harness.base.seeds import Seed
from harness.pacing.arrivals import Float64Array, UnitArrivals, evenly

LEAST_PER_S, MOST_PER_S = 1e-6, 1e9
"""A command in twelve days, under which no engine is driven; a command a nanosecond, above which due times could not be told apart."""
LATEST_NS = 2**62
"""The latest due time, in some 146 years: what is asked for later than that still has one."""


class Pacing(Protocol):
    """The due time of every command, from its number alone."""

    @property
    def rate_per_s(self) -> float:
        """What is asked for on average over the span, or where there is none, for ever; 0 means unpaced."""
        ...

    @property
    def span_ns(self) -> int:
        """How long the shape of the rate takes to be seen once; 0 where it is the same all the time."""
        ...

    def due_ns(self, first: int, count: int) -> Int64Array:
        """Due times of commands `first` to `first + count - 1`, numbered from 1, shape (count,), never decreasing."""
        ...

    def asked_by(self, elapsed_ns: int) -> float:
        """How many commands are asked for in this time from the start, on average; NaN where no number is."""
        ...

    def seeded(self, seed: Seed) -> Pacing:
        """The same pacing with its randomness drawn from `seed`."""
        ...

    def at_rate(self, rate_per_s: float) -> Pacing:
        """The same shape at another rate on average, the one that `rate_per_s` tells: every rate of it changes by one factor."""
        ...


@dataclass(frozen=True, slots=True)
class Unpaced:
    """As fast as the engine takes them: no command has a due time."""

    @property
    def rate_per_s(self) -> float:
        return 0.0

    @property
    def span_ns(self) -> int:
        return 0

    def due_ns(self, first: int, count: int) -> Int64Array:
        """NONE for each: there is no time at which it was meant to be sent."""
        del first
        return np.full(count, NONE, np.int64)

    def asked_by(self, elapsed_ns: int) -> float:
        del elapsed_ns
        return math.nan

    def seeded(self, seed: Seed) -> Pacing:
        del seed
        return self

    def at_rate(self, rate_per_s: float) -> Pacing:
        """Itself: there is no rate that could be another."""
        del rate_per_s
        return self


@dataclass(frozen=True, slots=True)
class Constant:
    """Equal gaps, the first command at 0."""

    rate_per_s: float

    def __post_init__(self) -> None:
        check_rate(self.rate_per_s)

    @property
    def span_ns(self) -> int:
        return 0

    def due_ns(self, first: int, count: int) -> Int64Array:
        return whole_ns(evenly(first, count) * 1e9 / self.rate_per_s)

    def asked_by(self, elapsed_ns: int) -> float:
        return self.rate_per_s * elapsed_ns / 1e9

    def seeded(self, seed: Seed) -> Pacing:
        del seed
        return self

    def at_rate(self, rate_per_s: float) -> Pacing:
        return Constant(rate_per_s)


@dataclass(frozen=True, slots=True)
class PoissonArrivals:
    """Independent exponential gaps: the arrivals of many senders who know nothing of each other."""

    rate_per_s: float
    seed: Seed = field(default=Seed(0), repr=False)
    _units: UnitArrivals = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check_rate(self.rate_per_s)
        # A frozen dataclass is filled in so; the stream of arrivals only remembers what the seed gives.
        object.__setattr__(self, "_units", UnitArrivals(self.seed))

    @property
    def span_ns(self) -> int:
        return 0

    def due_ns(self, first: int, count: int) -> Int64Array:
        """The times depend on seed and number alone: any slicing gives the same ones."""
        return whole_ns(self._units.counts(first, count) * (1e9 / self.rate_per_s))

    def asked_by(self, elapsed_ns: int) -> float:
        return self.rate_per_s * elapsed_ns / 1e9

    def seeded(self, seed: Seed) -> Pacing:
        return replace(self, seed=seed)

    def at_rate(self, rate_per_s: float) -> Pacing:
        return replace(self, rate_per_s=rate_per_s)


def mean_per_s(pacing: Pacing, over_ns: int) -> float:
    """What a pacing asks for on average over this time from the start; 0: over its own span."""
    if not over_ns or over_ns == pacing.span_ns or not pacing.span_ns:
        return pacing.rate_per_s
    return pacing.asked_by(over_ns) * 1e9 / over_ns


def whole_ns(times_ns: Float64Array) -> Int64Array:
    """Times rounded once each, so that rounding never adds up to a wrong rate."""
    return np.rint(np.minimum(times_ns, LATEST_NS)).astype(np.int64)


def check_rate(rate_per_s: float) -> None:
    """Refuse what is no rate of commands.

    Raises:
        SetupError: it is 0 or below, no number, or beyond all reason.
    """
    if not LEAST_PER_S <= rate_per_s <= MOST_PER_S:
        raise SetupError(
            f"a pace of {rate_per_s:g} commands/s cannot be kept; wanted a number from {LEAST_PER_S:f} to {MOST_PER_S:,.0f}"
        )
