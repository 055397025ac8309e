"""Counts an order that was refused as if it were open.

It stands for a reservation that is made before the checks, and that only the end of an order gives back: after some refusals the account
is full of nothing, and can trade no more.
"""

from __future__ import annotations

from engines.guarded.engine import GuardedEngine
from engines.guarded.holders import OpenOrder
from engines.specimens import SpecimenPlug
from harness.base.records import Command, Event, EventKind


class RejectReserves(GuardedEngine):
    """Breaks: a refused order counts nowhere."""

    def follow(self, event: Event, command: Command) -> None:
        asked = self.asked_by_new(command) if event.kind == EventKind.REJECTED else None
        if asked:
            self.reserve(OpenOrder(asked.account, asked.instrument, asked.side, 0, asked.qty), asked.qty)
        super().follow(event, command)


SPECIMEN = SpecimenPlug(
    about="a refused order holds what it would have held",
    kind="risk",
    caught_by=("reject_cause",),
    build=RejectReserves,
    base="guarded",
)
