"""Puts an order that was filled in part behind all others of its price.

It stands for matching that takes the first order off the queue, and pushes what it did not use back in at the end. Whoever quotes
a large size is filled a crumb at a time, and queues anew for each.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug


class FifoLostOnPartialFill(PlainEngine):
    """Breaks: a maker that is traded in part keeps its place."""

    def trade(self, taker: Order, maker: Order) -> None:
        super().trade(taker, maker)
        if maker.open_qty:
            self.book_side(maker.instrument, maker.side).queue(maker.price).move_to_end(maker)


SPECIMEN = SpecimenPlug(
    about="an order that is filled in part goes to the back of its queue",
    kind="matching",
    caught_by=("price_time",),
    build=FifoLostOnPartialFill,
)
