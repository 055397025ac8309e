"""Sets a buy stop off when the price falls to it, and a sell stop when it rises.

It stands for a comparison that is copied from limit orders, where the sides are the other way round: a stop goes off as soon as it is
entered, and the protection that it was is a loss at once.
"""

from __future__ import annotations

from engines.plain.book import Order, reaches
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import Side


class StopTriggersOnTheWrongSide(PlainEngine):
    """Breaks: a buy stop triggers at its stop price or above, a sell stop at or below."""

    def reached(self, instrument: int, side: Side) -> list[Order]:
        price = self.price_looked_at(instrument, side)
        waiting = self.waiting_side(instrument, side)
        wrong = [stop for stop in waiting if price is not None and reaches(side, stop.stop, price)]
        for stop in wrong:
            waiting.leave(stop)
        return wrong


SPECIMEN = SpecimenPlug(
    about="a buy stop triggers when the price falls, a sell stop when it rises",
    kind="stops",
    caught_by=("stop_trigger", "model"),
    build=StopTriggersOnTheWrongSide,
)
