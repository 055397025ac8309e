"""Counts new orders towards the message rate, and neither replaces nor cancels.

It stands for a throttle that was meant for orders: the account that enters one and replaces it ten thousand times a second is within its
rate, and is what the rate is for.
"""

from __future__ import annotations

from engines.guarded.engine import GuardedEngine
from engines.specimens import SpecimenPlug
from harness.base.reasons import Reason
from harness.base.records import Command, CommandKind


class RateCountsOrdersOnly(GuardedEngine):
    """Breaks: replaces, cancels and mass cancels count as messages."""

    def count_message(self, command: Command, refused: Reason) -> None:
        if command.kind == CommandKind.NEW:
            super().count_message(command, refused)


SPECIMEN = SpecimenPlug(
    about="only new orders count towards the message rate",
    kind="risk",
    caught_by=("risk_limits",),
    build=RateCountsOrdersOnly,
    base="guarded",
)
