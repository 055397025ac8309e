"""Matches an order with the book that the last order of its side was matched with, whatever instrument that was.

It stands for a cache of the book at hand whose key is too short. Every test with one instrument passes; with two, who buys the one is sold
the other.
"""

from __future__ import annotations

from engines.plain.book import BookSide
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug


class BookOfAnotherInstrument(PlainEngine):
    """Breaks: instruments have separate books."""

    _cached: tuple[int, BookSide] | None = None
    """The side for which a book was looked up last, and the book."""

    def opposite(self, instrument: int, side: int) -> BookSide:
        if self._cached is None or self._cached[0] != side:
            self._cached = (side, super().opposite(instrument, side))
        return self._cached[1]


SPECIMEN = SpecimenPlug(
    about="orders of one side in a row are all matched with the first one's instrument",
    kind="matching",
    caught_by=("trade_price", "never_crossed", "price_time", "model"),
    build=BookOfAnotherInstrument,
)
