"""Changes another order's quantity too when it replaces one.

It stands for a record that two orders share after a careless copy: what is written for the one is read for the other, here for the
first in the same queue. It is told to nobody, and the other owner trades more or less than he asked for.
"""

from __future__ import annotations

from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import Command


class ReplaceChangesAnother(PlainEngine):
    """Breaks: a replace changes no order but its own."""

    def on_replace(self, replace: Command) -> None:
        refused = self.refusal_of_replace(replace)
        super().on_replace(replace)
        order = self.live_order(replace.instrument, replace.order)
        if order is not None and not refused:
            first = next(iter(self.book_side(order.instrument, order.side).queue(order.price)))
            first.open_qty = order.open_qty


SPECIMEN = SpecimenPlug(
    about="a replace gives its quantity to the first of the queue too",
    kind="matching",
    caught_by=("conservation", "state_digest"),
    build=ReplaceChangesAnother,
)
