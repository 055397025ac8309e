"""Takes the whole order where a part of it is canceled.

It stands for a quantity that arrived with a later version of the protocol, behind a handler that knows only whole cancels: who wanted
to be smaller is out of the market.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.reasons import Reason


class PartialCancelTakesAll(PlainEngine):
    """Breaks: a cancel takes as much as it says."""

    def cancel_live(self, order: Order, qty: int, reason: Reason) -> None:
        del qty
        super().cancel_live(order, order.open_qty, reason)


SPECIMEN = SpecimenPlug(
    about="a cancel of a part takes the whole order",
    kind="matching",
    caught_by=("model", "legal"),
    build=PartialCancelTakesAll,
)
