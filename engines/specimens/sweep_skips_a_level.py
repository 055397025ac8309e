"""Passes over every second price of a sweep.

It stands for a level that is erased while the loop walks over the levels: the iterator already stands on the next one, and is moved on once
more. The second-best price is left unfilled, and the taker pays the third.
"""

from __future__ import annotations

from itertools import chain, groupby
from operator import attrgetter

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from engines.specimens._sweep import sweep


class SweepSkipsALevel(PlainEngine):
    """Breaks: best price first."""

    def match(self, taker: Order) -> None:
        makers = self.opposite(taker.instrument, taker.side).in_matching_order()
        levels = [tuple(level) for _, level in groupby(makers, key=attrgetter("price"))]
        sweep(self, taker, chain.from_iterable(levels[::2]))


SPECIMEN = SpecimenPlug(
    about="a sweep passes over every second price",
    kind="matching",
    caught_by=("price_time", "model"),
    build=SweepSkipsALevel,
)
