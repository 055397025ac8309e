"""Counts towards a position what has traded, and not what may still trade.

It stands for a limit that is fed by executions alone: a hundred orders, each within the limit, all rest, and all trade in the same second.
"""

from __future__ import annotations

from engines.guarded.asked import Asked
from engines.guarded.engine import GuardedEngine
from engines.guarded.holders import Holder
from engines.specimens import SpecimenPlug


class OpenOrdersNotCounted(GuardedEngine):
    """Breaks: what is under way counts."""

    def position_if_all_trade(self, holder: Holder, asked: Asked) -> int:
        held = holder.holding(asked.instrument).open_lots(asked.side)
        return super().position_if_all_trade(holder, asked) - held


SPECIMEN = SpecimenPlug(
    about="open orders do not count towards a position",
    kind="risk",
    caught_by=("risk_limits",),
    build=OpenOrdersNotCounted,
    base="guarded",
)
