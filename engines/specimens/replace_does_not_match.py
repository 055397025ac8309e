"""Rests an order at its new price though it could trade there.

It stands for a replace that is coded as a move between two queues: it is right for as long as prices move away from the market. The
first one that moves through it leaves a bid above an offer, and nothing trades them until the next order comes along.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug


class ReplaceDoesNotMatch(PlainEngine):
    """Breaks: a replaced order that lost its place is matched before it rests."""

    def enter_again(self, order: Order) -> None:
        self.rest(order)


SPECIMEN = SpecimenPlug(
    about="a replaced order rests at its new price without being matched",
    kind="matching",
    caught_by=("never_crossed", "model"),
    build=ReplaceDoesNotMatch,
)
