"""Trading is halted and opened again: what comes in meanwhile is refused, cancels are carried out, and behind it all come at once.

An operator halts the instrument and resumes it. Orders rest through the halt and keep their place (docs/risk-rules.md), those that are
refused leave no trace, and the first orders of the reopening meet a book from which only cancels took.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from harness.flows._staged import Stage, StagedFlow

STAGES = (
    Stage(name="trading", commands=3_000, shares={"rest": 500, "cross": 70, "take": 80, "market": 20, "move": 180, "cancel": 150}),
    Stage(
        name="halted", commands=1_000, opens_with="halt",
        shares={"rest": 300, "cross": 120, "take": 120, "market": 50, "move": 200, "cancel": 208, "sweep": 2},
    ),
    Stage(
        name="reopening", commands=2_000, opens_with="resume",
        shares={"rest": 450, "cross": 250, "take": 180, "market": 20, "move": 50, "cancel": 50},
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HaltAndReopeningFlow(StagedFlow):
    """Of an engine that offers no halts the same orders are asked for, and none is refused."""

    event: ClassVar[str] = "halt and reopening"
    stages: ClassVar[tuple[Stage, ...]] = STAGES
    essential: ClassVar[tuple[str, ...]] = ("halt", "resume")
    least_accepted: ClassVar[float] = 0.8


FLOW = HaltAndReopeningFlow
