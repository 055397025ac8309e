"""Holds an account to its position limit only once it is beyond it.

It stands for a limit that is looked at after matching, by a process beside the order path: each order is judged by what stood before it
came, so the one that crosses the limit goes through, however large, and the next one pays for it.
"""

from __future__ import annotations

from engines.guarded.asked import Asked
from engines.guarded.engine import GuardedEngine
from engines.guarded.holders import Holder
from engines.specimens import SpecimenPlug


class PositionLimitSeenTooLate(GuardedEngine):
    """Breaks: no order overshoots a position limit."""

    def position_if_all_trade(self, holder: Holder, asked: Asked) -> int:
        return super().position_if_all_trade(holder, asked) - asked.added_qty


SPECIMEN = SpecimenPlug(
    about="the order that crosses a position limit is let through",
    kind="risk",
    caught_by=("risk_limits",),
    build=PositionLimitSeenTooLate,
    base="guarded",
)
