"""A breaker looks at what traded one command too late.

It stands for a breaker that is fed from the published trades: by the time it has read them, the next order of the sweep is through.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engines.guarded.engine import GuardedEngine
from engines.specimens import SpecimenPlug
from harness.base.records import Event


class BreakerHaltsLate(GuardedEngine):
    """Breaks: an instrument is halted at the end of the command that moved it too far."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._late: list[Event] = []

    def look_at_trades(self, events: Iterable[Event]) -> None:
        late, self._late = self._late, list(events)
        super().look_at_trades(late)


SPECIMEN = SpecimenPlug(
    about="a breaker halts one command too late",
    kind="risk",
    caught_by=("breaker",),
    build=BreakerHaltsLate,
    base="guarded",
)
