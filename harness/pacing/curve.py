"""A rate that changes over time, as data: straight lines between points, and by when it has asked for how many commands.

The integral of a straight line is a parabola, so both directions have a closed form: nothing is stepped through, and nothing adds up. Times
are whole nanoseconds from the start. A count of n commands is exact to some 2**-52 of n, which is less than a nanosecond of a day's load.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from harness.base.errors import SetupError
from harness.base.records import Int64Array
from harness.pacing import LATEST_NS, LEAST_PER_S, MOST_PER_S
from harness.pacing.arrivals import Float64Array


class _Lines(NamedTuple):
    """The straight lines of a curve, in order, none of them empty; each array of shape (n,)."""

    starts_ns: Int64Array
    lengths_ns: Int64Array
    rates: Float64Array
    """At the start of each, a second."""
    slopes: Float64Array
    """By how much the rate grows, a second and second."""
    counts: Float64Array
    """How many commands were asked for before each."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of time and rate; two at one time are a jump."""

    points: tuple[tuple[int, float], ...]
    """(ns from the start, commands a second), the first at 0."""
    repeats: bool = False
    """Whether it begins anew behind its last point; else that rate goes on for ever."""
    _lines: _Lines = field(init=False, repr=False, compare=False)
    _total: float = field(init=False, repr=False, compare=False)
    """How many commands it asks for from its first point to its last."""

    def __post_init__(self) -> None:
        if wrong := _wrong(self.points):
            raise SetupError(f"a curve of rates cannot be {self.points}: {wrong}")
        total = sum(_areas(self.points))
        if not (total if self.repeats else self.points[-1][1]):
            raise SetupError(
                f"a curve of rates cannot be {self.points}: it comes to rest at 0, and what is due then never comes"
            )
        # A frozen dataclass is filled in so; both follow from the points alone.
        object.__setattr__(self, "_lines", _lines(self.points, holds=not self.repeats))
        object.__setattr__(self, "_total", float(total))

    @property
    def span_ns(self) -> int:
        """From its first point to its last."""
        return self.points[-1][0]

    @property
    def mean_per_s(self) -> float:
        """On average over the span; without one, the rate that goes on."""
        return self._total * 1e9 / self.span_ns if self.span_ns else self.points[-1][1]

    def curve(self) -> Curve:
        """Itself: a curve is a shape as it stands."""
        return self

    def scaled(self, factor: float) -> Curve:
        """The same curve with every rate multiplied."""
        return Curve(tuple((at_ns, rate * factor) for at_ns, rate in self.points), self.repeats)

    def count(self, elapsed_ns: int) -> float:
        """How many commands it asks for in this time from the start."""
        turns, rest_ns = divmod(elapsed_ns, self.span_ns) if self.repeats else (0, elapsed_ns)
        lines = self._lines
        at = int(np.searchsorted(lines.starts_ns, rest_ns, side="right")) - 1
        into_s = (rest_ns - int(lines.starts_ns[at])) / 1e9
        within = into_s * (float(lines.rates[at]) + into_s * float(lines.slopes[at]) / 2)
        return turns * self._total + float(lines.counts[at]) + within

    def when_ns(self, counts: Float64Array) -> Int64Array:
        """The latest time by which it asks for no more than each of these counts, shape (n,): what falls due in a pause comes at its end."""
        turns, rest = self._turns(counts)
        lines = self._lines
        at = np.searchsorted(lines.counts, rest, side="right") - 1
        into_ns = _into_ns(rest - lines.counts[at], lines.rates[at], lines.slopes[at])
        into = np.rint(np.minimum(into_ns, lines.lengths_ns[at])).astype(np.int64)
        due_ns: Int64Array = np.minimum(turns + lines.starts_ns[at] + into, LATEST_NS)
        return due_ns

    def _turns(self, counts: Float64Array) -> tuple[Int64Array, Float64Array]:
        """When the turn of the curve begins that each count lies in, and what is left of the count within it."""
        if not self.repeats:
            return np.zeros(len(counts), np.int64), counts
        turns = np.floor(counts / self._total)
        # Rounding may leave a count before its turn by its last bit.
        rest = np.maximum(counts - turns * self._total, 0)
        return np.minimum(turns, -(-LATEST_NS // self.span_ns)).astype(np.int64) * self.span_ns, rest


def _wrong(points: tuple[tuple[int, float], ...]) -> str:
    """Why these are no points of a curve; empty if they are."""
    times_ns = [at_ns for at_ns, _ in points]
    if not points or times_ns[0] != 0:
        return "its first point must lie at 0"
    if any(after < before for before, after in pairwise((*times_ns, LATEST_NS // 2))):
        return "its points must stand in the order of time"
    if not all(rate == 0 or LEAST_PER_S <= rate <= MOST_PER_S for _, rate in points):
        return f"every rate must be 0, or a number from {LEAST_PER_S:f} to {MOST_PER_S:,.0f} a second"
    return ""


def _areas(points: tuple[tuple[int, float], ...]) -> list[Fraction]:
    """How many commands each line asks for, exactly."""
    return [
        (Fraction(rate) + Fraction(until_rate)) / 2 * (until_ns - at_ns) / 10**9
        for (at_ns, rate), (until_ns, until_rate) in pairwise(points)
    ]


def _lines(points: tuple[tuple[int, float], ...], *, holds: bool) -> _Lines:
    """The lines between the points, and one more where the last rate goes on."""
    rows = []
    count = Fraction(0)
    for ((at_ns, rate), (until_ns, until_rate)), area in zip(pairwise(points), _areas(points), strict=True):
        if until_ns > at_ns:
            slope = (until_rate - rate) * 1e9 / (until_ns - at_ns)
            rows.append((at_ns, until_ns - at_ns, rate, slope, float(count)))
        count += area
    if holds:
        rows.append((points[-1][0], LATEST_NS - points[-1][0], points[-1][1], 0.0, float(count)))
    starts_ns, lengths_ns, rates, slopes, counts = zip(*rows, strict=True)
    return _Lines(
        np.array(starts_ns, np.int64), np.array(lengths_ns, np.int64), np.array(rates, np.float64),
        np.array(slopes, np.float64), np.array(counts, np.float64),
    )  # fmt: skip


def _into_ns(counts: Float64Array, rates: Float64Array, slopes: Float64Array) -> Float64Array:
    """How long after its start a line has asked for so many commands.

    Of the solutions of rate t + slope t²/2 = count this is the form that loses no digits, whether the line is steep, flat or falling.
    """
    under = rates + np.sqrt(np.maximum(rates * rates + 2 * slopes * counts, 0))
    # Only a count of 0 on a line that rises from 0 leaves nothing to divide by.
    return np.divide(2e9 * counts, under, out=np.zeros_like(counts), where=under > 0)
