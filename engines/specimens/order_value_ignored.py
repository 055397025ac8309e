"""Holds back no order for its value.

It stands for a limit that is configured, shown on a screen and not wired to the order path: it is missed on the day on which an
order is a thousand times too large.
"""

from __future__ import annotations

from engines.plain.engine import PlainEngine
from engines.plain.risk import FINE
from engines.specimens import SpecimenPlug
from harness.base.capabilities import RiskLimits
from harness.base.reasons import Reason
from harness.base.records import Command


class OrderValueIgnored(PlainEngine):
    """Breaks: an order above the value limit is refused."""

    def check_order_value(self, risk: RiskLimits, asked: Command, order_type: int) -> Reason:
        del risk, asked, order_type
        return FINE


SPECIMEN = SpecimenPlug(
    about="the limit on an order's value is ignored",
    kind="risk",
    caught_by=("reject_cause", "model"),
    build=OrderValueIgnored,
)
