"""Answers a change of a limit, and goes by the old one.

It stands for limits that are read when the engine starts: the screen shows the new one, the operator believes it.
"""

from __future__ import annotations

from engines.guarded.engine import GuardedEngine
from engines.specimens import SpecimenPlug
from harness.base.records import Command


class LimitChangeIgnored(GuardedEngine):
    """Breaks: a limit that an operator sets holds from the next command on."""

    def set_limit(self, limit: Command) -> None:
        del limit


SPECIMEN = SpecimenPlug(
    about="a limit that is changed stays as it was",
    kind="risk",
    caught_by=("risk_limits", "reject_cause"),
    build=LimitChangeIgnored,
    base="guarded",
)
