"""Lets through what is one above a limit.

It stands for `>` where `>=` of the next number was meant, in the one helper that all limits share: each of them is wrong by one lot or
tick, which no test notices that is not exactly at the edge.
"""

from __future__ import annotations

from engines.guarded.engine import GuardedEngine
from engines.specimens import SpecimenPlug


class LimitOffByOne(GuardedEngine):
    """Breaks: what is above a limit is held back."""

    def is_above(self, total: int, limit: int) -> bool:
        return super().is_above(total - 1, limit)


SPECIMEN = SpecimenPlug(
    about="one above a limit is let through",
    kind="risk",
    caught_by=("risk_limits",),
    build=LimitOffByOne,
    base="guarded",
)
