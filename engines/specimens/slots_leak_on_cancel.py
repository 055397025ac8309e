"""Does not give back the slot of a canceled order, and has none left after some cancels.

It stands for a pool with two ways out, a fill and a cancel, of which one forgets the release. A short test passes; a market in which
nine of ten orders are canceled runs dry within the day, with an empty book.
"""

from __future__ import annotations

from collections.abc import Iterable

from engines.plain.engine import PlainEngine
from engines.plain.offered import CONVENTIONS
from engines.specimens import SpecimenPlug
from harness.base.capabilities import Conventions, Instrument
from harness.base.reasons import Reason
from harness.base.records import Command, CommandKind, EventKind

SPARE_SLOTS = 200
"""Few, so that it shows on a short flow."""


class SlotsLeakOnCancel(PlainEngine):
    """Breaks: what a canceled order used is free again."""

    def __init__(self, instruments: Iterable[Instrument], conventions: Conventions = CONVENTIONS) -> None:
        super().__init__(instruments, conventions)
        self._leaked = 0

    def carry_out(self, command: Command) -> None:
        if command.kind == CommandKind.NEW and self._leaked >= SPARE_SLOTS:
            self.tell.refused(command, EventKind.REJECTED, Reason.EXHAUSTED)
            return
        before = len(self.live)
        super().carry_out(command)
        if command.kind == CommandKind.CANCEL:
            self._leaked += before - len(self.live)


SPECIMEN = SpecimenPlug(
    about="after some cancels every new order is refused",
    kind="bounds",
    caught_by=("model", "legal"),
    build=SlotsLeakOnCancel,
    # An order and its cancel for each slot, and one more order.
    least_commands=2 * SPARE_SLOTS + 1,
)
