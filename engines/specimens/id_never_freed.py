"""Refuses an id that was ever taken, though its order is gone.

It stands for a set of used ids that is only added to. Where a venue says that ids are free again, clients count in a ring: on the
first day that the ring comes round, every order is refused.
"""

from __future__ import annotations

from collections.abc import Iterable

from engines.plain.engine import PlainEngine
from engines.plain.offered import CONVENTIONS
from engines.specimens import SpecimenPlug
from harness.base.capabilities import Conventions, Instrument
from harness.base.reasons import Reason
from harness.base.records import Command


class IdNeverFreed(PlainEngine):
    """Breaks: an id is free again once its order is not live."""

    def __init__(self, instruments: Iterable[Instrument], conventions: Conventions = CONVENTIONS) -> None:
        super().__init__(instruments, conventions)
        self._used: set[int] = set()

    def refusal_of_new(self, new: Command) -> Reason:
        reason = super().refusal_of_new(new)
        if not reason and new.order in self._used:
            return Reason.DUPLICATE_ORDER_ID
        if not reason:
            self._used.add(new.order)
        return reason


SPECIMEN = SpecimenPlug(
    about="an id is refused for ever once it was taken",
    kind="ids",
    caught_by=("reject_cause", "model"),
    build=IdNeverFreed,
)
