"""Holds orders with a price to the limits, and market orders to none.

It stands for a control that begins with `if order.price`: what has no price has no value, no quantity either, and goes through.
"""

from __future__ import annotations

from engines.guarded.asked import Asked
from engines.guarded.engine import GuardedEngine
from engines.specimens import SpecimenPlug
from harness.base.records import Command, OrderType


class MarketOrdersUnlimited(GuardedEngine):
    """Breaks: a market order counts like any other."""

    def asked_by_new(self, new: Command) -> Asked | None:
        return None if new.type == OrderType.MARKET else super().asked_by_new(new)


SPECIMEN = SpecimenPlug(
    about="market orders are held to no limit",
    kind="risk",
    caught_by=("risk_limits",),
    build=MarketOrdersUnlimited,
    base="guarded",
)
