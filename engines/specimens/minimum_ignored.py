"""Takes an order with a minimum quantity as one without.

It stands for a term that the gateway accepts and nobody reads: who asked for a block or nothing gets crumbs.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug


class MinimumIgnored(PlainEngine):
    """Breaks: an order trades its minimum at once or is canceled whole."""

    def enter(self, taker: Order, min_qty: int = 0) -> None:
        del min_qty
        super().enter(taker)


SPECIMEN = SpecimenPlug(
    about="a minimum quantity is ignored",
    kind="matching",
    caught_by=("lifecycle", "model"),
    build=MinimumIgnored,
)
