"""Shows every resting order with the quantity it had before it was filled in part.

It stands for market data that are kept beside the book and updated by orders and cancels only. Every trade is right and the picture is
not: whoever sizes an order by what he sees sends one that the book cannot fill.
"""

from __future__ import annotations

import numpy as np

from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.bits import BookRows


class DepthBeforeFills(PlainEngine):
    """Breaks: the book that is shown is the one that is matched."""

    def snapshot(self) -> BookRows:
        rows = super().snapshot()
        rows["remaining"] += np.array([self.live[order].traded_qty for order in rows["order"].tolist()], np.int64)
        return rows


SPECIMEN = SpecimenPlug(
    about="the book that it shows does not know of partial fills",
    kind="matching",
    caught_by=("state_digest", "conservation"),
    build=DepthBeforeFills,
)
