"""A kill holds back two orders and is over with the third.

It stands for a switch with a lease, so that nobody need remember to take it back: it is over when the one who pressed it is still on the
telephone, and the orders that were tried all along come in.
"""

from __future__ import annotations

from typing import Any

from engines.guarded.engine import GuardedEngine
from engines.plain.risk import FINE
from engines.specimens import SpecimenPlug
from harness.base.reasons import Reason
from harness.base.records import Command

_MOST = 2


class KillRunsOut(GuardedEngine):
    """Breaks: a kill ends by an enable and never by itself."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._held_back = 0

    def check_enabled(self, command: Command) -> Reason:
        reason = super().check_enabled(command)
        if reason:
            self._held_back += 1
        if self._held_back > _MOST:
            self._held_back = 0
            self.killed.clear()
            return FINE
        return reason


SPECIMEN = SpecimenPlug(
    about="a kill is over once it has held back two orders",
    kind="risk",
    caught_by=("kill_switch",),
    build=KillRunsOut,
    base="guarded",
)
