"""Takes a new order under the id of one that is live.

It stands for an insert that overwrites: the first order stays in its queue, but its id leads to the second, so it can neither be
canceled nor found, and a cancel for one hits the other.
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


class DuplicateIdAccepted(PlainEngine):
    """Breaks: ids are unique among live orders."""

    def __init__(self, instruments: Iterable[Instrument], conventions: Conventions = CONVENTIONS) -> None:
        super().__init__(instruments, conventions)
        self.live = ForgivingTable()

    def check_unique(self, order_id: int) -> Reason:
        del order_id
        return FINE


SPECIMEN = SpecimenPlug(
    about="an id that is live is taken a second time",
    kind="ids",
    caught_by=("reject_cause", "model"),
    build=DuplicateIdAccepted,
)
