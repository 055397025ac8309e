"""Takes away the place of an order that was filled in part, once its quantity is lowered.

It stands for a replace that is done in place for orders in the state "new" and by cancel and re-entry for those in any other, "partially
filled" among them. Who was first, and was hit first, stands last for having trimmed what remained.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug


class FilledOrderLosesPlace(PlainEngine):
    """Breaks: a replace that lowers the quantity at the same price keeps its place, where the engine says so."""

    def keeps_place(self, order: Order, price: int, open_qty: int) -> bool:
        return not order.traded_qty and super().keeps_place(order, price, open_qty)


SPECIMEN = SpecimenPlug(
    about="an order that traded in part loses its place when its quantity is lowered",
    kind="matching",
    caught_by=("lifecycle", "state_digest", "model"),
    build=FilledOrderLosesPlace,
)
