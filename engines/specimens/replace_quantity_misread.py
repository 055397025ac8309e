"""Reads the quantity of a replace by the other convention than the one it declares.

It stands for the most frequent misunderstanding between a venue and those who connect to it: whether the quantity counts what was
already traded (FIX 4.4 says of OrderQty in an Order Cancel/Replace Request that it does). After a partial fill the order is too large or
too small by what was filled.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug


class ReplaceQuantityMisread(PlainEngine):
    """Breaks: a replace names the new open quantity, or by convention a total."""

    def new_open_qty(self, order: Order, qty: int) -> int:
        if self.conventions.replace_quantity == "total":
            return qty
        # It is held above zero, as it is where an engine has a total to check.
        return max(qty - order.traded_qty, 1)


SPECIMEN = SpecimenPlug(
    about="the quantity of a replace is read by the convention that was not declared",
    kind="matching",
    caught_by=("conservation", "model"),
    build=ReplaceQuantityMisread,
)
