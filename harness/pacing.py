"""When each command is due: a pure function of its number, so that a stalled engine can never slow its own load.

Due times count from the scenario's start. Nothing here sleeps; the instrument does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from harness.base.errors import SetupError
from harness.base.records import NONE, Int64Array
from harness.base.seeds import Seed

BLOCK = 65_536
"""Arrivals drawn from one sub-stream: the unit in which prefix sums are remembered."""


class Pacing(Protocol):
    """The due time of every command, from its number alone."""

    @property
    def rate_per_s(self) -> float:
        """What is asked for on average; 0 means unpaced."""
        ...

    def due_ns(self, first: int, count: int) -> Int64Array:
        """Due times of commands `first` to `first + count - 1`, numbered from 1, shape (count,), never decreasing."""
        ...

    def seeded(self, seed: Seed) -> Pacing:
        """The same pacing with its randomness drawn from `seed`."""
        ...

    def at_rate(self, rate_per_s: float) -> Pacing:
        """The same shape at another rate; at rate 0 it is `Unpaced`."""
        ...


@dataclass(frozen=True, slots=True)
class Unpaced:
    """As fast as the engine takes them: no command has a due time."""

    @property
    def rate_per_s(self) -> float:
        return 0.0

    def due_ns(self, first: int, count: int) -> Int64Array:
        """NONE for each: there is no time at which it was meant to be sent."""
        del first
        return np.full(count, NONE, np.int64)

    def seeded(self, seed: Seed) -> Pacing:
        del seed
        return self

    def at_rate(self, rate_per_s: float) -> Pacing:
        """At a rate it has no shape of its own, so it becomes `Constant`."""
        return Constant(rate_per_s) if rate_per_s else self


@dataclass(frozen=True, slots=True)
class Constant:
    """Equal gaps, the first command at 0."""

    rate_per_s: float

    def __post_init__(self) -> None:
        _check_rate(self.rate_per_s)

    def due_ns(self, first: int, count: int) -> Int64Array:
        before = np.arange(first - 1, first - 1 + count, dtype=np.float64)
        return np.rint(before * 1e9 / self.rate_per_s).astype(np.int64)

    def seeded(self, seed: Seed) -> Pacing:
        del seed
        return self

    def at_rate(self, rate_per_s: float) -> Pacing:
        return Constant(rate_per_s) if rate_per_s else Unpaced()


@dataclass(slots=True)
class _Memory:
    """Where blocks begin, and the block that was looked at last, so that reading on is linear."""

    starts_ns: list[int] = field(default_factory=lambda: [0])
    number: int = -1
    offsets_ns: Int64Array = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(frozen=True, slots=True)
class PoissonArrivals:
    """Independent exponential gaps: the arrivals of many senders who know nothing of each other."""

    rate_per_s: float
    seed: Seed = field(default=Seed(0), repr=False)
    _memory: _Memory = field(default_factory=_Memory, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_rate(self.rate_per_s)

    def due_ns(self, first: int, count: int) -> Int64Array:
        """The times depend on seed and number alone: any slicing gives the same ones."""
        due = np.empty(count, np.int64)
        done = 0
        while done < count:
            block, at = divmod(first - 1 + done, BLOCK)
            take = min(BLOCK - at, count - done)
            due[done : done + take] = self._start_ns(block) + self._offsets_ns(block)[at : at + take]
            done += take
        return due

    def seeded(self, seed: Seed) -> Pacing:
        return replace(self, seed=seed)

    def at_rate(self, rate_per_s: float) -> Pacing:
        return replace(self, rate_per_s=rate_per_s) if rate_per_s else Unpaced()

    def _start_ns(self, block: int) -> int:
        """When the block begins, which is when the last arrival of the one before was due."""
        starts_ns = self._memory.starts_ns
        while len(starts_ns) <= block:
            starts_ns.append(starts_ns[-1] + int(self._offsets_ns(len(starts_ns) - 1)[-1]))
        return starts_ns[block]

    def _offsets_ns(self, block: int) -> Int64Array:
        """Due times within one block, rounded once each, so that rounding never adds up to a wrong rate."""
        memory = self._memory
        if memory.number != block:
            uniform = self.seed.stream(f"arrivals/{block}").random(BLOCK)
            gaps_ns = exponential(uniform) * (1e9 / self.rate_per_s)
            memory.offsets_ns = np.rint(np.cumsum(gaps_ns)).astype(np.int64)
            memory.number = block
        return memory.offsets_ns


def exponential(uniform: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Exponential values of mean 1 by inversion, each in [0, 36.74], for `uniform` in [0, 1).

    The usual -ln(u) is infinite at u = 0. Here the argument of the logarithm is 1 - u, which is at least 2**-53.
    """
    return np.negative(np.log1p(-uniform))


def _check_rate(rate_per_s: float) -> None:
    if not (math.isfinite(rate_per_s) and rate_per_s > 0):
        raise SetupError(f"a pace of {rate_per_s!r} commands/s cannot be kept; wanted a number above 0, or no pacing")
