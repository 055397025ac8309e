"""Gives back twice what an order held.

It stands for a reservation that both the fill and the end of the order release: the sums fall below what is there, and each order that
goes makes room for two.
"""

from __future__ import annotations

from engines.guarded.engine import GuardedEngine
from engines.guarded.holders import OpenOrder
from engines.specimens import SpecimenPlug


class ReleasedTwice(GuardedEngine):
    """Breaks: what is open is given back once."""

    def release(self, order: OpenOrder, qty: int) -> None:
        super().release(order, 2 * qty)


SPECIMEN = SpecimenPlug(
    about="an order that goes or trades gives back twice what it held",
    kind="risk",
    caught_by=("risk_limits",),
    build=ReleasedTwice,
    base="guarded",
)
