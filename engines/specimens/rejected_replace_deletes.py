"""Loses the order whose replace it refuses.

It stands for a replace that is built of a cancel and a new order: the cancel is done, the new order is refused, and nobody puts the
old one back. Its owner is told that nothing changed, and stands in no queue.
"""

from __future__ import annotations

from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import Command


class RejectedReplaceDeletes(PlainEngine):
    """Breaks: a refused replace leaves its order as it was."""

    def on_replace(self, replace: Command) -> None:
        refused = self.refusal_of_replace(replace)
        super().on_replace(replace)
        order = self.live_order(replace.instrument, replace.target)
        if refused and order is not None and not order.waits:
            self.leave_book(order)


SPECIMEN = SpecimenPlug(
    about="a refused replace deletes its order, in silence",
    kind="matching",
    caught_by=("conservation", "state_digest"),
    build=RejectedReplaceDeletes,
)
