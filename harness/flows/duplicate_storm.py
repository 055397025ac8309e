"""A duplicate storm: orders that are live come again and again, field by field, and each must be refused every time.

It is what a client does that lost its answers: it sends all that it is not sure of once more, in a loop. Some of it comes under the same
id with another side, price and quantity, so that whoever takes it trades by it; and cancels come twice as well, of orders that are
gone. Only ids of live orders are used again: that of an order that is gone is free (docs/matching-rules.md), so it would be a good one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from harness.flows._staged import Stage, StagedFlow

STAGES = (
    Stage(name="trade", commands=2_000, shares={"rest": 600, "cross": 120, "take": 80, "move": 100, "cancel": 100}),
    Stage(
        name="storm", commands=4_000,
        shares={"again": 650, "used_id": 150, "cancel_again": 60, "rest": 50, "cross": 30, "move": 30, "cancel": 30},
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DuplicateStormFlow(StagedFlow):
    """Two in three new orders are duplicates."""

    event: ClassVar[str] = "duplicate storm"
    stages: ClassVar[tuple[Stage, ...]] = STAGES
    least_accepted: ClassVar[float] = 0.3


FLOW = DuplicateStormFlow
