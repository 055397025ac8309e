"""A price that runs into its limits: up to the highest price of the instrument, where it is locked, down to the lowest, and back.

At a limit orders come at it and are taken, and come a few ticks beyond it and are refused; one side of the book is empty, as nobody
sells at a price that would be higher. On the way orders come at the edge of the collar around the last trade, and beyond it, where the engine
has one: an order at the edge may move the last trade, and the collar with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from harness.base.capabilities import Instrument, RiskLimits
from harness.base.records import Side
from harness.flows._staged import MID, QTY_MAX, Stage, StagedFlow

LIMIT_TICKS = 150
"""From the first mid to either limit."""
COLLAR_TICKS = 40
BEYOND_TICKS = 10
"""So far the mid goes beyond a limit, where nothing can follow it."""
_RUN = {"rest": 520, "cross": 100, "take": 200, "cancel": 100, "to_collar": 30, "beyond_collar": 30, "beyond_limit": 20}
_LOCKED = {
    "rest": 250,
    "take": 100,
    "cancel": 100,
    "move": 100,
    "to_limit": 250,
    "beyond_limit": 150,
    "beyond_collar": 50,
}
FAR = LIMIT_TICKS + BEYOND_TICKS
STAGES = (
    Stage(name="up", commands=4_000, shares=_RUN, presses=Side.SELL, drift_ticks=FAR, depth_ticks=5),
    Stage(name="locked at the highest", commands=1_000, shares=_LOCKED, presses=Side.SELL, depth_ticks=5),
    Stage(name="down", commands=8_000, shares=_RUN, presses=Side.BUY, drift_ticks=-2 * FAR, depth_ticks=5),
    Stage(name="locked at the lowest", commands=1_000, shares=_LOCKED, presses=Side.BUY, depth_ticks=5),
    Stage(name="back", commands=4_000, shares=_RUN, presses=Side.SELL, drift_ticks=FAR, depth_ticks=5),
)


@dataclass(frozen=True, slots=True)
class PriceLimitMoveFlow(StagedFlow):
    """To both limits and back in 18,000 commands."""

    event: ClassVar[str] = "price-limit move"
    stages: ClassVar[tuple[Stage, ...]] = STAGES
    least_accepted: ClassVar[float] = 0.8

    def instruments(self) -> tuple[Instrument, ...]:
        """One with narrow bounds, and a collar whose first reference price is the first mid."""
        risk = RiskLimits(collar_ticks=COLLAR_TICKS, reference_price=MID)
        bounds = {"price_min": MID - LIMIT_TICKS, "price_max": MID + LIMIT_TICKS}
        return (Instrument(id=1, symbol="LIMITS", qty_max=QTY_MAX, risk=risk, **bounds),)


FLOW = PriceLimitMoveFlow
