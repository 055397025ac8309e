"""The counts at which commands arrive, before a rate makes times of them: evenly, or as a Poisson process of one a unit.

Whatever the rate is and however it changes, its arrivals are these counts, each at the time by which the rate has asked for as many
commands: for a Poisson process that is the time change of Cinlar, Introduction to Stochastic Processes (1975), chapter 4.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from harness.base.seeds import Seed

Float64Array: TypeAlias = npt.NDArray[np.float64]
BLOCK = 65_536
"""Arrivals drawn from one sub-stream: the unit in which sums are remembered."""


def evenly(first: int, count: int) -> Float64Array:
    """Of the commands `first` to `first + count - 1` how many come before each, shape (count,); exact up to 2**53."""
    return np.arange(first - 1, first - 1 + count, dtype=np.float64)


@dataclass(slots=True)
class UnitArrivals:
    """A Poisson process of rate 1: exponential gaps of mean 1, added up.

    It remembers where blocks begin and the block that was looked at last, so that reading on is linear; what it gives hangs on the seed alone.
    """

    seed: Seed
    _starts: list[float] = field(default_factory=lambda: [0.0])
    _number: int = -1
    _offsets: Float64Array = field(default_factory=lambda: np.zeros(0))

    def counts(self, first: int, count: int) -> Float64Array:
        """Where the arrivals `first` to `first + count - 1` lie, numbered from 1, shape (count,): any slicing gives the same."""
        counts = np.empty(count)
        done = 0
        while done < count:
            block, at = divmod(first - 1 + done, BLOCK)
            take = min(BLOCK - at, count - done)
            counts[done : done + take] = self._start(block) + self._block(block)[at : at + take]
            done += take
        return counts

    def _start(self, block: int) -> float:
        """Where the block begins, which is where the last arrival of the one before lies."""
        while len(self._starts) <= block:
            self._starts.append(self._starts[-1] + float(self._block(len(self._starts) - 1)[-1]))
        return self._starts[block]

    def _block(self, block: int) -> Float64Array:
        """The arrivals of one block, from its start."""
        if self._number != block:
            self._offsets = np.cumsum(exponential(self.seed.stream(f"arrivals/{block}").random(BLOCK)))
            self._number = block
        return self._offsets


def exponential(uniform: Float64Array) -> Float64Array:
    """Exponential values of mean 1 by inversion, each in [0, 36.74], for `uniform` in [0, 1).

    The usual -ln(u) is infinite at u = 0. Here the argument of the logarithm is 1 - u, which is at least 2**-53.
    """
    return np.negative(np.log1p(-uniform))
