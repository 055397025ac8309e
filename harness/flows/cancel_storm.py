"""A cancel storm: a deep book is built, then all its makers leave at once, first order by order and then account by account.

It is what a venue sees when a feed breaks or a number surprises: as many cancels as there are orders, from everybody, within a moment, with
cancels sent twice and hardly anything else. Behind it the book is empty, whatever stood there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from harness.flows._staged import ACCOUNTS, Stage, StagedFlow

STAGES = (
    Stage(name="build", commands=6_000, shares={"rest": 920, "take": 40, "move": 40}, depth_ticks=40),
    Stage(name="storm", commands=4_000, shares={"cancel": 940, "cancel_again": 40, "rest": 20}, depth_ticks=40),
    Stage(name="sweep", commands=ACCOUNTS, shares={"sweep": 1_000}),
)


@dataclass(frozen=True, slots=True)
class CancelStormFlow(StagedFlow):
    """Ten thousand commands a storm."""

    event: ClassVar[str] = "cancel storm"
    stages: ClassVar[tuple[Stage, ...]] = STAGES
    essential: ClassVar[tuple[str, ...]] = ("cancel",)
    resting: int = 20_000


FLOW = CancelStormFlow
