"""Does not take a partial fill off the resting order.

It stands for a remaining quantity that is worked out on a copy and not written back. The order trades on with what it no longer has: its
owner is filled for more than he ever offered.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug


class PartialFillForgotten(PlainEngine):
    """Breaks: both orders of a trade lose what was traded."""

    def trade(self, taker: Order, maker: Order) -> None:
        before = maker.open_qty
        super().trade(taker, maker)
        if maker.open_qty:
            maker.open_qty = before


SPECIMEN = SpecimenPlug(
    about="an order that is filled in part keeps the quantity that it had",
    kind="matching",
    caught_by=("conservation", "state_digest", "model"),
    build=PartialFillForgotten,
)
