"""Refuses the 1,001st live order.

It stands for a capacity that was a constant of the first prototype: tests never fill the book, the market does so on its busiest day,
and from then on only those who are already in it can trade.
"""

from __future__ import annotations

from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.reasons import Reason
from harness.base.records import Command, EventKind

LIVE_ORDERS_MAX = 1_000


class BookFullAt1000(PlainEngine):
    """Breaks: an order is refused only for a cause that its sender can know."""

    def on_new(self, new: Command) -> None:
        if len(self.live) < LIVE_ORDERS_MAX:
            super().on_new(new)
        else:
            self.tell.refused(new, EventKind.REJECTED, Reason.EXHAUSTED)


SPECIMEN = SpecimenPlug(
    about="no more than 1,000 orders may be live",
    kind="bounds",
    caught_by=("model", "legal"),
    build=BookFullAt1000,
    least_commands=LIVE_ORDERS_MAX + 1,
)
