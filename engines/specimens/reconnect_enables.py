"""An account that was shut out is let in again when it comes by another session.

It stands for a flag that is kept with the connection: whoever is shut out logs in again, which is what every client does by itself when
its orders are refused.
"""

from __future__ import annotations

from typing import Any

from engines.guarded.engine import GuardedEngine
from engines.plain.risk import FINE
from engines.specimens import SpecimenPlug
from harness.base.reasons import Reason
from harness.base.records import Command


class ReconnectEnables(GuardedEngine):
    """Breaks: what is shut out stays so until somebody enables it by name."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._sessions: dict[int, int] = {}

    def check_enabled(self, command: Command) -> Reason:
        first = self._sessions.setdefault(command.account, command.session)
        return super().check_enabled(command) if command.session == first else FINE


SPECIMEN = SpecimenPlug(
    about="another session of an account that is shut out is let in",
    kind="risk",
    caught_by=("kill_switch", "risk_limits"),
    build=ReconnectEnables,
    base="guarded",
)
