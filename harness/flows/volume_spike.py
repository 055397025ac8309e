"""A volume spike: ordinary trading, then a stretch in which nearly every order trades, and each is for more.

What is traded for each command grows many times over; how many commands come in a second is for the pacing. Whoever holds room for the
fills of an ordinary day finds out here: an order may lead to dozens of trades.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from harness.flows._staged import Stage, StagedFlow

STAGES = (
    Stage(name="normal", commands=6_000, shares={"rest": 450, "cross": 20, "take": 50, "move": 200, "cancel": 280}),
    Stage(
        name="spike", commands=4_000, shares={"rest": 550, "cross": 150, "take": 230, "cancel": 70}, reach_ticks=8,
        qty_lots=80, takes=4,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class VolumeSpikeFlow(StagedFlow):
    """A spike in each 10,000 commands."""

    event: ClassVar[str] = "volume spike"
    stages: ClassVar[tuple[Stage, ...]] = STAGES


FLOW = VolumeSpikeFlow
