"""Adds up fills in floating point, and takes an order for filled only once they make its quantity exactly.

It stands for decimal quantities in binary: a fill of 0.1 and one of 0.2 make 0.30000000000000004 and not 0.3. Orders that are filled in
several steps stay at the head of their queue with dust that no screen shows, and the next taker meets them for nothing.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from engines.specimens._ghost import put_back


class FloatDust(PlainEngine):
    """Breaks: an order that is fully traded is gone."""

    def trade(self, taker: Order, maker: Order) -> None:
        lots_per_unit = 10
        units = (maker.traded_qty + maker.open_qty) / lots_per_unit
        filled_units = maker.traded_qty / lots_per_unit + maker.open_qty / lots_per_unit
        super().trade(taker, maker)
        if not maker.open_qty and filled_units != units:
            put_back(self, maker)


SPECIMEN = SpecimenPlug(
    about="an order that is filled in several steps may stay in the book with dust",
    kind="matching",
    caught_by=("lifecycle", "conservation", "state_digest", "model"),
    build=FloatDust,
)
