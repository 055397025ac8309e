"""Counts as a loss what was realized, and not what the position has lost since.

It stands for a loss that comes out of the back office: whoever holds on to a falling position loses nothing there until it is sold.
"""

from __future__ import annotations

from engines.guarded.engine import GuardedEngine
from engines.guarded.holders import Holder
from engines.specimens import SpecimenPlug


class LossOfClosedTradesOnly(GuardedEngine):
    """Breaks: the position counts towards the loss at the last trade."""

    def loss(self, holder: Holder) -> int:
        is_flat = not any(holding.position for holding in holder.holdings.values())
        return super().loss(holder) if is_flat else 0


SPECIMEN = SpecimenPlug(
    about="a loss counts once the position is closed",
    kind="risk",
    caught_by=("risk_limits",),
    build=LossOfClosedTradesOnly,
    base="guarded",
)
