"""Releases the slot of a canceled order twice, so that two later orders share one.

It stands for a cancel and a clean-up that both put the slot on the free list. The second order that gets it writes its quantity over
the first one's: an account is filled for lots that it never asked for.
"""

from __future__ import annotations

from collections.abc import Iterable

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.plain.offered import CONVENTIONS
from engines.specimens import SpecimenPlug
from harness.base.capabilities import Conventions, Instrument
from harness.base.records import Command, CommandKind


class SlotReleasedTwice(PlainEngine):
    """Breaks: a live order's quantity is its own."""

    def __init__(self, instruments: Iterable[Instrument], conventions: Conventions = CONVENTIONS) -> None:
        super().__init__(instruments, conventions)
        self._listed_twice = 0
        self._holder: Order | None = None
        """The order that got a slot which is on the free list once more."""

    def carry_out(self, command: Command) -> None:
        before = len(self.live)
        super().carry_out(command)
        if command.kind == CommandKind.CANCEL:
            self._listed_twice += before - len(self.live)
        resting = self.live.get(command.order) if command.kind == CommandKind.NEW else None
        if resting is None:
            return
        if self._holder is not None:
            self._holder.open_qty = resting.open_qty
            self._holder = None
        elif self._listed_twice:
            self._listed_twice -= 1
            self._holder = resting


SPECIMEN = SpecimenPlug(
    about="two live orders share one slot after a cancel",
    kind="bounds",
    caught_by=("conservation", "state_digest"),
    build=SlotReleasedTwice,
)
