"""A kill shuts out what comes and leaves in the book what rests; only waiting stops go.

It stands for a switch at the door: whoever presses it sees no new order and believes that it is over, while the ones that did the damage
go on trading.
"""

from __future__ import annotations

from engines.guarded.engine import GuardedEngine
from engines.plain.book import Order
from engines.specimens import SpecimenPlug
from harness.base.records import Command


class KillMissesRestingOrders(GuardedEngine):
    """Breaks: a kill cancels all live orders in its scope."""

    def taken_by_kill(self, kill: Command) -> list[Order]:
        return [order for order in super().taken_by_kill(kill) if order.waits]


SPECIMEN = SpecimenPlug(
    about="a kill leaves resting orders in the book",
    kind="risk",
    caught_by=("kill_switch",),
    build=KillMissesRestingOrders,
    base="guarded",
)
