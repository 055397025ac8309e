"""Whether the events that answer a command are those that the model demands: what is compared, and what is left open.

Reasons of refusals are not compared (several may hold, and which is for `refusals` to say), nor is a field that the engine's wire does
not carry or that the rules leave open. A mass cancel cancels in any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter, itemgetter
from typing import TypeAlias

from harness.base.capabilities import Capabilities
from harness.base.records import NONE, EventKind, Side

COMPARED = (
    "kind", "order", "new_order", "maker", "price", "qty", "remaining", "reason", "account", "side", "role", "instrument",
)  # fmt: skip
Row: TypeAlias = tuple[int, ...]
"""The fields of COMPARED of one event."""
row_of = attrgetter(*COMPARED)
_OPEN = (0, 0, 0, 0, NONE, NONE, NONE, 0, 0, Side.NONE, 0, 0)
"""What the model leaves in a field that the rules leave open."""
_REASON, _QTY = COMPARED.index("reason"), COMPARED.index("qty")
_REFUSALS = (EventKind.REJECTED, EventKind.CANCEL_REJECTED, EventKind.REPLACE_REJECTED)


class Agreement:
    """What two answers of an engine's wire agree in."""

    def __init__(self, capabilities: Capabilities) -> None:
        carried = {*capabilities.carries, "kind", "order", "instrument"}
        self._carried = [at for at, field in enumerate(COMPARED) if field in carried]
        self._of_cancels = [at for at in self._carried if at != _QTY or "canceled_qty" not in capabilities.untold]

    def first_difference(self, wanted: Sequence[Row], got: Sequence[Row]) -> int | None:
        """The index of the first event that is not as it must be; None where all are."""
        if wanted == got:
            return None
        for at, (want, told) in enumerate(zip(wanted, got, strict=False)):
            if want != told and not self._agrees(want, told):
                return at
        return None if len(wanted) == len(got) else min(len(wanted), len(got))

    def _agrees(self, want: Row, told: Row) -> bool:
        """Whether the event holds what the rules determine and the wire carries."""
        for at in self._of_cancels if want[0] == EventKind.CANCELED else self._carried:
            if want[at] != told[at] and want[at] != _OPEN[at] and not (at == _REASON and want[0] in _REFUSALS):
                return False
        return True


def mass_cancel_sorted(rows: list[Row]) -> list[Row]:
    """The answer to a mass cancel: its cancels come in any order up to `done`, what they trigger in any of instruments."""
    done = next((at for at, row in enumerate(rows) if row[0] == EventKind.DONE), len(rows))
    return [*sorted(rows[:done]), *rows[done : done + 1], *sorted(rows[done + 1 :], key=itemgetter(-1))]
