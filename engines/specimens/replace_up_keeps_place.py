"""Lets an order grow without losing its place.

It stands for a replace that changes the record where it lies, for any new quantity at the same price. Who stands first with one lot can ask
for a thousand when the price comes near, and those who waited behind him with their full size are not served.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug


class ReplaceUpKeepsPlace(PlainEngine):
    """Breaks: only a lower quantity at the same price keeps its place, and only where the engine says so."""

    def keeps_place(self, order: Order, price: int, open_qty: int) -> bool:
        grows = price == order.price and open_qty > order.open_qty
        return grows or super().keeps_place(order, price, open_qty)


SPECIMEN = SpecimenPlug(
    about="a replace to a larger quantity keeps its place",
    kind="matching",
    caught_by=("lifecycle", "state_digest", "model"),
    build=ReplaceUpKeepsPlace,
)
