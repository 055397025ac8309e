"""Lets what is left of an immediate-or-cancel order rest in the book.

It stands for a time in force that is read at the gateway and forgotten at the book: the sender believes the order gone, and is
filled by it later.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import OrderType, TimeInForce


class IocRests(PlainEngine):
    """Breaks: what is left of an IOC is canceled."""

    def settle_remainder(self, taker: Order) -> None:
        if taker.tif == TimeInForce.IOC and taker.type == OrderType.LIMIT:
            self.rest(taker)
        else:
            super().settle_remainder(taker)


SPECIMEN = SpecimenPlug(
    about="what is left of an IOC order rests",
    kind="matching",
    caught_by=("lifecycle",),
    build=IocRests,
)
