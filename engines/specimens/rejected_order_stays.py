"""Refuses a post-only order that would trade, and leaves it in the book.

It stands for an order that is inserted first and checked then, with a way out that answers and does not undo. The book is crossed by
an order that does not exist for its owner, and the next one trades with it.
"""

from __future__ import annotations

from engines.plain.engine import PlainEngine, order_of
from engines.specimens import SpecimenPlug
from harness.base.reasons import Reason
from harness.base.records import Command


class RejectedOrderStays(PlainEngine):
    """Breaks: a refused order leaves no trace."""

    def on_new(self, new: Command) -> None:
        refused = self.refusal_of_new(new)
        super().on_new(new)
        if refused is Reason.POST_ONLY_WOULD_TRADE:
            order = order_of(new)
            self.live[order.id] = order
            self.book_side(order.instrument, order.side).join(order)


SPECIMEN = SpecimenPlug(
    about="a post-only order that is refused stays in the book",
    kind="lifecycle",
    caught_by=("lifecycle", "state_digest"),
    build=RejectedOrderStays,
)
