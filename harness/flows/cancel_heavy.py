"""A market-making flow: nearly every order is canceled or replaced soon, in a few price levels that are deep queues.

Cancels inside a queue are the rule here, and it is they that break an engine's queue: a neighbour lost, a place lost, a level
that is empty and yet the best. Little trades. One session carries all accounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from harness.flows._random import RandomFlow, Shape

SHAPE = Shape(
    shares={
        "rest": 0.22, "rest_gtc": 0.03, "post": 0.05,
        "cross": 0.01, "ioc": 0.03, "least": 0.003, "stop": 0.002, "stop_limit": 0.004,
        "cancel": 0.25, "reduce": 0.15, "replace": 0.45,
        "mass": 0.0001, "wrong": 0.01,
    },
    depth_exponent=0.6,
    deepest=5,
    step_chance=0.0005,
    near_ticks=0,
    newest_first=2,
    moves=(0, 0, 0, -1, 1),
)  # fmt: skip
"""All orders lie within five ticks of a mid that hardly moves: some ten levels, each a long queue."""


@dataclass(frozen=True, slots=True)
class CancelHeavyFlow(RandomFlow):
    """A market of long queues that hardly trades."""

    shape: ClassVar[Shape] = SHAPE
    markets: int = 2
    accounts: int = 8
    resting: int = 2_000


FLOW = CancelHeavyFlow
