"""Leaves a resting order in the book that was filled exactly by the last lots of an incoming one.

It stands for `<` where `<=` was meant, in the question which of the two orders is used up: only where both are is the answer wrong. An
order with nothing left stays at the head of its queue, can be canceled, and meets the next taker for zero lots.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from engines.specimens._ghost import put_back


class GhostAfterExactFill(PlainEngine):
    """Breaks: an order that is fully traded is gone."""

    def trade(self, taker: Order, maker: Order) -> None:
        exact = taker.open_qty == maker.open_qty
        super().trade(taker, maker)
        if exact:
            put_back(self, maker)


SPECIMEN = SpecimenPlug(
    about="an order that is filled exactly stays in the book with nothing left",
    kind="matching",
    caught_by=("lifecycle", "conservation", "state_digest", "model"),
    build=GhostAfterExactFill,
)
