"""A zero-intelligence order flow: random limit orders, market orders and cancels around a mid that wanders.

The shape is that of Smith, Farmer, Gillemot and Krishnamurthy, "Statistical theory of the continuous double auction",
Quantitative Finance 3 (2003): independent arrivals, each kind with its share. How far from the mid a limit order is placed
follows the power law of Bouchaud, Mezard and Potters, "Statistical properties of stock order books", Quantitative Finance 2
(2002). The times of arrival are the pacing's.

The flow never hears the engine: it cancels and replaces what it believes to be live, and about one in six of those has traded.
A few commands are wrong on purpose, so that rejects are exercised. One session carries all accounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from harness.flows._random import RandomFlow, Shape

SHAPE = Shape(
    shares={
        "rest": 0.35, "rest_gtc": 0.05, "post": 0.05,
        "cross": 0.06, "ioc": 0.12, "market": 0.05, "fok": 0.03, "least": 0.02,
        "stop": 0.01, "stop_limit": 0.01, "stop_ioc": 0.003, "stop_fok": 0.003,
        "cancel": 0.1395, "reduce": 0.03, "replace": 0.09,
        "mass": 0.0005, "wrong": 0.03,
    },
    depth_exponent=0.6,
    deepest=400,
    step_chance=0.02,
    near_ticks=4,
    newest_first=0,
    moves=(0, 0, 0, -2, -1, 1, 2),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PoissonFlow(RandomFlow):
    """A market of limit orders that arrive at random."""

    shape: ClassVar[Shape] = SHAPE
    markets: int = 3
    accounts: int = 8
    resting: int = 1_000


FLOW = PoissonFlow
