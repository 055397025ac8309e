"""Keeps the id of an order that it refused, and refuses whatever comes under it again.

It stands for an id that is noted before the checks: a client that corrects its price and sends the order again, as it may, is told
that the order is there already, and believes that it is.
"""

from __future__ import annotations

from collections.abc import Iterable

from engines.plain.engine import PlainEngine
from engines.plain.offered import CONVENTIONS
from engines.specimens import SpecimenPlug
from harness.base.capabilities import Conventions, Instrument
from harness.base.reasons import Reason
from harness.base.records import Command


class RejectedIdBurned(PlainEngine):
    """Breaks: a refused order leaves no trace."""

    def __init__(self, instruments: Iterable[Instrument], conventions: Conventions = CONVENTIONS) -> None:
        super().__init__(instruments, conventions)
        self._burned: set[int] = set()

    def refusal_of_new(self, new: Command) -> Reason:
        reason = super().refusal_of_new(new)
        if reason:
            self._burned.add(new.order)
        return Reason.DUPLICATE_ORDER_ID if not reason and new.order in self._burned else reason


SPECIMEN = SpecimenPlug(
    about="the id of a refused order is refused when it comes again",
    kind="ids",
    caught_by=("reject_cause", "model"),
    build=RejectedIdBurned,
)
