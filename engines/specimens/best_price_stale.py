"""Looks for a trade at the best price that it remembers, though cancels have emptied it since.

It stands for a cached best price that orders and trades keep fresh and a cancel forgets. The next order finds nobody at that price and
takes the whole side for empty: it rests, the book is crossed, and both owners wait for a trade that was theirs.
"""

from __future__ import annotations

from collections.abc import Iterable

from engines.plain.book import Order, reaches
from engines.plain.engine import PlainEngine
from engines.plain.offered import CONVENTIONS
from engines.specimens import SpecimenPlug
from harness.base.capabilities import Conventions, Instrument


class BestPriceStale(PlainEngine):
    """Breaks: a limit order trades while the best opposite price is at its limit or better."""

    def __init__(self, instruments: Iterable[Instrument], conventions: Conventions = CONVENTIONS) -> None:
        super().__init__(instruments, conventions)
        self._remembered: dict[tuple[int, int], int] = {}
        """The best price that the last order of an instrument and side left opposite to it."""

    def match(self, taker: Order) -> None:
        opposite, looked_at = self.opposite(taker.instrument, taker.side), (taker.instrument, taker.side)
        remembered, front = self._remembered.pop(looked_at, None), opposite.front()
        # Only a cancel, or a replace, makes a best price worse between two orders that look at it.
        if remembered is None or front is None or reaches(taker.side, remembered, front.price):
            super().match(taker)
        if front := opposite.front():
            self._remembered[looked_at] = front.price


SPECIMEN = SpecimenPlug(
    about="after a cancel of the best price, the next order trades with nobody",
    kind="matching",
    caught_by=("price_time", "never_crossed", "model"),
    build=BestPriceStale,
)
