"""Rates that change over time, by name and as values: a scenario names its shape, and a report tells it in the same words.

A shape says only when commands are asked for, not which: a flash crash or a cancel storm is a flow.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

from harness.base.records import Int64Array
from harness.base.seeds import Seed
from harness.pacing import Constant, Pacing, check_rate
from harness.pacing.arrivals import UnitArrivals, evenly
from harness.pacing.curve import Curve

SECOND_NS = 10**9
HALVINGS = 10
"""After so many half-lives a burst is over: a thousandth of it is left."""


class Shape(Protocol):
    """How a rate changes: one of those below, or a `Curve` of any points."""

    def curve(self) -> Curve: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ramp:
    """From one rate to another in a straight line, then on at that."""

    from_per_s: float
    to_per_s: float
    over_ns: int

    def curve(self) -> Curve:
        return Curve(((0, self.from_per_s), (self.over_ns, self.to_per_s)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """One rate after the other, each for so long, then on at the last."""

    rates_per_s: tuple[float, ...]
    each_ns: int

    def curve(self) -> Curve:
        edges = [(step * self.each_ns, rate) for step, rate in enumerate(self.rates_per_s)]
        return Curve(tuple(point for at_ns, rate in edges for point in ((at_ns, rate), (at_ns + self.each_ns, rate))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bursts:
    """A square wave, again and again: a quiet rate for so long, then a burst."""

    quiet_per_s: float
    quiet_ns: int
    burst_per_s: float
    burst_ns: int

    def curve(self) -> Curve:
        quiet = ((0, self.quiet_per_s), (self.quiet_ns, self.quiet_per_s))
        burst = ((self.quiet_ns, self.burst_per_s), (self.quiet_ns + self.burst_ns, self.burst_per_s))
        return Curve((*quiet, *burst), repeats=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningBurst:
    """What comes when a market opens: a peak at once, of which what is above the later rate halves again and again.

    Between halvings the rate falls in straight lines, so that a count has its time in closed form.
    """

    peak_per_s: float
    then_per_s: float
    halves_in_ns: int

    def curve(self) -> Curve:
        above = self.peak_per_s - self.then_per_s
        falls = [(step * self.halves_in_ns, self.then_per_s + above / 2**step) for step in range(HALVINGS)]
        return Curve((*falls, (HALVINGS * self.halves_in_ns, self.then_per_s)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaped:
    """A pace along a shape: each command is due when the rate has asked for as many."""

    shape: Shape
    poisson: bool = True
    """Whether the arrivals are those of many senders who know nothing of each other; else they come as evenly as the rate lets them."""
    mean_per_s: float = 0
    """What the rate is brought to on average over the shape; 0: as the shape says."""
    seed: Seed = field(default=Seed(0), repr=False)
    _curve: Curve = field(init=False, repr=False, compare=False)
    _units: UnitArrivals = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        curve = self.shape.curve()
        if self.mean_per_s:
            check_rate(self.mean_per_s)
            curve = curve.scaled(self.mean_per_s / curve.mean_per_s)
        # A frozen dataclass is filled in so; both follow from its settings and its seed.
        object.__setattr__(self, "_curve", curve)
        object.__setattr__(self, "_units", UnitArrivals(self.seed))

    @property
    def rate_per_s(self) -> float:
        return self.mean_per_s or self._curve.mean_per_s

    @property
    def span_ns(self) -> int:
        return self._curve.span_ns

    def due_ns(self, first: int, count: int) -> Int64Array:
        """The times depend on shape, seed and number alone: any slicing gives the same ones."""
        return self._curve.when_ns(self._units.counts(first, count) if self.poisson else evenly(first, count))

    def asked_by(self, elapsed_ns: int) -> float:
        return self._curve.count(elapsed_ns)

    def seeded(self, seed: Seed) -> Pacing:
        return replace(self, seed=seed)

    def at_rate(self, rate_per_s: float) -> Pacing:
        check_rate(rate_per_s)
        return replace(self, mean_per_s=rate_per_s)


@dataclass(frozen=True, slots=True)
class StatedPeak:
    """A pace that is known once it is said what the peak is: so many times the most commands that ever came in one second.

    Commission Delegated Regulation (EU) 2017/589 (RTS 6), Article 10, has investment firms test with twice the messages of their highest
    in six months, and 2017/584 (RTS 7), Article 11, has venues bear twice the highest messages of one second in five years.
    """

    times: float = 2

    def paced(self, peak_per_s: float) -> Constant:
        """Evenly, so that every second of it holds as much."""
        check_rate(peak_per_s)
        return Constant(self.times * peak_per_s)
