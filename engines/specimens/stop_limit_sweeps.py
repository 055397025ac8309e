"""Makes a market order of a stop limit, as of any stop.

It stands for one handler of both types that forgets the limit when it triggers: in a fast market, which is when stops trigger, the
order pays any price.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import OrderType


class StopLimitSweeps(PlainEngine):
    """Breaks: a stop limit becomes a limit order at its price."""

    def trigger(self, stop: Order) -> None:
        stop.type = OrderType.STOP
        super().trigger(stop)


SPECIMEN = SpecimenPlug(
    about="a stop limit that triggers trades beyond its limit",
    kind="stops",
    caught_by=("trade_price", "model"),
    build=StopLimitSweeps,
)
