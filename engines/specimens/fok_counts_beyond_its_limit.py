"""Counts for a fill-or-kill order what stands beyond its limit.

It stands for a check against the total of the side, which is kept ready, instead of a walk to the limit: the order is let in, finds
less than it was promised, and its owner holds the part that a FOK exists to avoid.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug


class FokCountsBeyondItsLimit(PlainEngine):
    """Breaks: only what a FOK may trade with counts for it."""

    def is_fillable(self, taker: Order) -> bool:
        side = self.opposite(taker.instrument, taker.side)
        return sum(maker.open_qty for maker in side.in_matching_order()) >= taker.open_qty


SPECIMEN = SpecimenPlug(
    about="a FOK counts quantity beyond its limit, and fills in part",
    kind="matching",
    caught_by=("lifecycle", "model"),
    build=FokCountsBeyondItsLimit,
)
