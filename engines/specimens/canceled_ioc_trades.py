"""Cancels what is left of an immediate-or-cancel order, and leaves it in the book all the same.

It stands for a remainder that is put into its queue first and taken out again by a clean-up that never comes. Its owner was told that it
is gone, hedges as if it were, and is filled later.
"""

from __future__ import annotations

from collections.abc import Iterable

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.plain.offered import CONVENTIONS
from engines.specimens import SpecimenPlug
from engines.specimens._forgiving import ForgivingTable
from harness.base.capabilities import Conventions, Instrument
from harness.base.records import OrderType, TimeInForce


class CanceledIocTrades(PlainEngine):
    """Breaks: what is canceled is out of the book."""

    def __init__(self, instruments: Iterable[Instrument], conventions: Conventions = CONVENTIONS) -> None:
        super().__init__(instruments, conventions)
        self.live = ForgivingTable()

    def settle_remainder(self, taker: Order) -> None:
        qty = taker.open_qty
        super().settle_remainder(taker)
        if taker.tif == TimeInForce.IOC and taker.type == OrderType.LIMIT:
            taker.open_qty = qty
            self.book_side(taker.instrument, taker.side).join(taker)


SPECIMEN = SpecimenPlug(
    about="what is left of an IOC is canceled, and trades later",
    kind="matching",
    caught_by=("lifecycle", "state_digest"),
    build=CanceledIocTrades,
)
