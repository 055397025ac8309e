"""Quote stuffing: one account enters and cancels orders at a hundred times the rate of each other, which trade on as they did.

Its orders come in bursts behind the best prices and go again before much of them trades. Sixteen accounts trade beside it, first without
it and then with it, in one flow: so response times told by account say whether one customer's load is everybody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from harness.flows._staged import STUFFER, Stage, StagedFlow

STAGES = (
    Stage(name="calm", commands=2_000, shares={"rest": 400, "cross": 50, "take": 150, "move": 200, "cancel": 200}),
    Stage(
        name="stuffed", commands=20_000,
        shares={"stuff": 900, "rest": 40, "cross": 5, "take": 15, "move": 20, "cancel": 20},
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class QuoteStuffingFlow(StagedFlow):
    """The well-behaved send as many commands in either stage."""

    event: ClassVar[str] = "quote stuffing"
    stages: ClassVar[tuple[Stage, ...]] = STAGES
    essential: ClassVar[tuple[str, ...]] = ("cancel",)
    floods: ClassVar[int] = STUFFER


FLOW = QuoteStuffingFlow
