"""A kill cancels what rests and shuts out nobody.

It stands for a kill that is a mass cancel with another name: the algorithm that ran wild sends the same orders again, in a millisecond.
"""

from __future__ import annotations

from engines.guarded.engine import GuardedEngine
from engines.plain.risk import FINE
from engines.specimens import SpecimenPlug
from harness.base.reasons import Reason
from harness.base.records import Command


class KillLetsNewOrdersIn(GuardedEngine):
    """Breaks: nothing new of the killed comes in until it is enabled."""

    def check_enabled(self, command: Command) -> Reason:
        return Reason.RISK_DISABLED if command.account in self.disabled else FINE


SPECIMEN = SpecimenPlug(
    about="a kill does not keep new orders out",
    kind="risk",
    caught_by=("kill_switch",),
    build=KillLetsNewOrdersIn,
    base="guarded",
)
