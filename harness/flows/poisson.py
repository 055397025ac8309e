"""A zero-intelligence order flow: random limit orders, market orders and cancels around a mid that wanders.

The shape is that of Smith, Farmer, Gillemot and Krishnamurthy, "Statistical theory of the continuous double auction",
Quantitative Finance 3 (2003): independent arrivals, each kind with its share. How far from the mid a limit order is placed
follows the power law of Bouchaud, Mezard and Potters, "Statistical properties of stock order books", Quantitative Finance 2
(2002). The times of arrival are the pacing's.

The flow never hears the engine: it cancels and replaces what it believes to be live, and about one in six of those has traded.
A few commands are wrong on purpose, so that rejects are exercised. One session carries all accounts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.notes import FlowNotes
from harness.base.records import Commands
from harness.base.seeds import Seed
from harness.flows._random import RandomOrders, Shape, made_instruments, missing

SHAPE = Shape(
    shares={
        "rest": 0.35, "rest_gtc": 0.05, "post": 0.05,
        "cross": 0.06, "ioc": 0.12, "market": 0.05, "fok": 0.03,
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
class PoissonFlow:
    """Endless; the first of the `markets` has half of the flow, and cancels hold what is believed to rest at about `resting`."""

    markets: int = 3
    accounts: int = 8
    resting: int = 1_000
    without: tuple[str, ...] = ()
    """What the engine does not offer."""

    def fitted(self, capabilities: Capabilities, conventions: Conventions) -> Self:
        """Acts that the engine does not offer give way to the nearest that it does; its capabilities tell what they are."""
        del conventions
        return replace(self, without=missing(SHAPE, capabilities))

    def instruments(self) -> tuple[Instrument, ...]:
        return made_instruments(self.markets)

    def batches(self, seed: Seed) -> Iterator[Commands]:
        """Batches of 256 commands without end."""
        orders = RandomOrders(
            SHAPE, seed, markets=self.markets, accounts=self.accounts, resting=self.resting, without=self.without
        )
        while True:
            yield orders.batch()

    def notes(self) -> FlowNotes:
        """Nineteen in twenty new orders are good ones, and a few of the post-only ones are refused: 0.8 leaves room."""
        return FlowNotes(least_accepted=0.8)


FLOW = PoissonFlow
