"""A market-making flow: nearly every order is canceled or replaced soon, in a few price levels that are deep queues.

Cancels inside a queue are the rule here, and it is they that break an engine's queue: a neighbour lost, a place lost, a level
that is empty and yet the best. Little trades. One session carries all accounts.
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
        "rest": 0.22, "rest_gtc": 0.03, "post": 0.05,
        "cross": 0.01, "ioc": 0.03,
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
class CancelHeavyFlow:
    """Endless; the first of the `markets` has half of the flow, and cancels hold what is believed to rest at about `resting`."""

    markets: int = 2
    accounts: int = 8
    resting: int = 2_000
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
        """More than nine in ten new orders are good ones, and some of the post-only ones are refused: 0.8 leaves room."""
        return FlowNotes(least_accepted=0.8)


FLOW = CancelHeavyFlow
