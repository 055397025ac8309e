"""A flash crash: bids are pulled, sellers take whatever is left and walk the book down, then bids come back and the price with them.

The path is that of 6 May 2010 as the CFTC and the SEC tell it ("Findings regarding the market events of May 6, 2010"): liquidity goes first,
orders that sell at any price meet what is left, and most of the fall is undone in minutes. The public benchmark's shape of that name
(`public_shape`) is another thing: there the mid wanders far, the orders come in any order, and nobody pulls anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from harness.base.records import Side
from harness.flows._staged import Stage, StagedFlow

FALL_TICKS = 150
STAGES = (
    Stage(
        name="calm", commands=4_000, depth_ticks=30,
        shares={"rest": 550, "cross": 50, "take": 100, "move": 150, "cancel": 150},
    ),
    Stage(
        name="pull", commands=600, presses=Side.BUY, depth_ticks=30,
        shares={"rest": 100, "take": 50, "move": 150, "cancel": 700},
    ),
    Stage(
        name="crash", commands=1_000, presses=Side.BUY, drift_ticks=-FALL_TICKS, depth_ticks=20, reach_ticks=30, takes=8,
        shares={"rest": 640, "take": 60, "market": 50, "move": 50, "cancel": 200},
    ),
    Stage(
        name="recovery", commands=4_400, presses=Side.SELL, drift_ticks=FALL_TICKS,
        shares={"rest": 450, "cross": 100, "take": 150, "move": 200, "cancel": 100},
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FlashCrashFlow(StagedFlow):
    """A crash in each 10,000 commands."""

    event: ClassVar[str] = "flash crash"
    stages: ClassVar[tuple[Stage, ...]] = STAGES
    resting: int = 1_000


FLOW = FlashCrashFlow
