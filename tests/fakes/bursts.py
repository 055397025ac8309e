"""Runs of two builds on a machine that others use, drawn instead of made: bursts of a slower mode, as they were seen on two shared cores.

In some minutes all is quiet: runs lie some 2 % apart. In others one run in three or so lands in a mode that is a fifth to a half slower, for one
or a few on end; the processor's clock tells it as the wall's does. The shares are such that signed ranks over 30 pairs, in one look, fail to tell as
often as they did there: of a build with itself three in ten times, of one that is 10 % slower one in four.
"""

import numpy as np

from harness.compose.turns import Timed

QUIET_SPREAD = 0.02
BUSY_SHARE = 0.6
"""Of comparisons that meet bursts."""


class Bursts:
    """A machine over the minute of one comparison; `run` is what a nursery's is."""

    def __init__(self, seed, *, slower_by):
        self._generator = np.random.default_rng(seed)
        self._factor = {"base": 1.0, "head": 1.0 + slower_by}
        self._is_busy = self._generator.random() < BUSY_SHARE
        self._slow = 1 + self._generator.uniform(0.2, 0.5)
        self._begins, self._ends = self._generator.uniform(0.02, 0.4), self._generator.uniform(0.3, 0.9)
        """How likely a burst begins or ends with the next run."""
        self._in_burst = False

    def run(self, side, _task):
        """One run: the same figures as a scenario without a pace gives."""
        turns = self._generator.random() < (self._ends if self._in_burst else self._begins)
        self._in_burst = self._is_busy and self._in_burst != turns
        cost = (
            self._factor[side] * np.exp(self._generator.normal(0, QUIET_SPREAD)) * (self._slow if self._in_burst else 1)
        )
        return Timed({"throughput": 1e6 / cost, "cpu": 1e3 * cost * np.exp(self._generator.normal(0, 0.001))}, 1, 1, 0)
