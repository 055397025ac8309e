"""Does not see the ids of waiting stops when it looks whether an id is free.

It stands for stops that are kept by a component of their own, behind the check that asks the book alone: two orders live under one
id, and a cancel takes whichever the table names.
"""

from __future__ import annotations

from collections.abc import Iterable

from engines.plain.engine import PlainEngine
from engines.plain.offered import CONVENTIONS
from engines.plain.risk import FINE
from engines.specimens import SpecimenPlug
from engines.specimens._forgiving import ForgivingTable
from harness.base.capabilities import Conventions, Instrument
from harness.base.reasons import Reason


class IdOfAStopUnseen(PlainEngine):
    """Breaks: the id of a live order is not free, though the order only waits."""

    def __init__(self, instruments: Iterable[Instrument], conventions: Conventions = CONVENTIONS) -> None:
        super().__init__(instruments, conventions)
        self.live = ForgivingTable()

    def check_unique(self, order_id: int) -> Reason:
        order = self.live.get(order_id)
        return FINE if order is not None and order.waits else super().check_unique(order_id)


SPECIMEN = SpecimenPlug(
    about="the id of a waiting stop is taken a second time",
    kind="ids",
    caught_by=("reject_cause", "model"),
    build=IdOfAStopUnseen,
)
