"""Takes a canceled order out of the table of orders, but not out of its queue.

It stands for deletion that is put off: the order is to be skipped when matching comes by, and the mark by which to skip it is not
looked at. The cancel was acknowledged, and the fill comes after it.
"""

from __future__ import annotations

from collections.abc import Iterable

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.plain.offered import CONVENTIONS
from engines.specimens import SpecimenPlug
from engines.specimens._forgiving import ForgivingTable
from harness.base.capabilities import Conventions, Instrument
from harness.base.reasons import Reason


class CanceledOrderTrades(PlainEngine):
    """Breaks: what is canceled is out of the book."""

    def __init__(self, instruments: Iterable[Instrument], conventions: Conventions = CONVENTIONS) -> None:
        super().__init__(instruments, conventions)
        self.live = ForgivingTable()

    def cancel_live(self, order: Order, qty: int, reason: Reason) -> None:
        if order.waits or qty < order.open_qty:
            super().cancel_live(order, qty, reason)
            return
        del self.live[order.id]
        order.open_qty = 0
        self.tell.canceled(order, qty, reason)
        order.open_qty = qty


SPECIMEN = SpecimenPlug(
    about="a canceled order still trades",
    kind="matching",
    caught_by=("lifecycle", "state_digest"),
    build=CanceledOrderTrades,
)
