"""Takes fill-or-kill for immediate-or-cancel.

It stands for two times in force that are mapped to one value at the gateway: "do not rest" is kept, "all or nothing" is lost, and
one leg of a spread is filled without the other.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import TimeInForce


class FokFillsInPart(PlainEngine):
    """Breaks: a FOK fills whole or not at all."""

    def enter(self, taker: Order, min_qty: int = 0) -> None:
        if taker.tif == TimeInForce.FOK:
            taker.tif = TimeInForce.IOC
        super().enter(taker, min_qty)


SPECIMEN = SpecimenPlug(
    about="a FOK trades what there is, like an IOC",
    kind="matching",
    caught_by=("lifecycle", "model"),
    build=FokFillsInPart,
)
