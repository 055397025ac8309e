"""Multiplies price and quantity in 32 bits before it holds their product against the limit.

It stands for `int * int` that is widened only when it is stored: signed overflow, and the order that is far too large comes out small or
negative. It is the one order that the limit is for.
"""

from __future__ import annotations

from engines.plain.engine import PlainEngine
from engines.plain.risk import FINE
from engines.specimens import SpecimenPlug
from harness.base.capabilities import RiskLimits
from harness.base.reasons import Reason
from harness.base.records import NONE, Command


class OrderValue32Bits(PlainEngine):
    """Breaks: an order above the value limit is refused, however far above."""

    def check_order_value(self, risk: RiskLimits, asked: Command, order_type: int) -> Reason:
        price = self.price_of_value(asked, order_type)
        if not risk.order_value_max or price == NONE:
            return FINE
        value = (abs(price) * asked.qty + 2**31) % 2**32 - 2**31
        return Reason.RISK_ORDER_VALUE if value > risk.order_value_max else FINE


SPECIMEN = SpecimenPlug(
    about="the value of an order wraps at 2^31",
    kind="risk",
    caught_by=("reject_cause", "edge_cases", "model"),
    build=OrderValue32Bits,
)
