"""Sets a stop off only by a trade at exactly its stop price.

It stands for a table of stops by price that is asked for the price of the trade alone: a price that jumps over a stop leaves it
waiting, and its owner finds out when the price is far away.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import Side


class StopMissesAJump(PlainEngine):
    """Breaks: a stop triggers at its stop price or through it."""

    def reached(self, instrument: int, side: Side) -> list[Order]:
        price = self.price_looked_at(instrument, side)
        waiting = self.waiting_side(instrument, side)
        exact = [stop for stop in waiting if stop.stop == price]
        for stop in exact:
            waiting.leave(stop)
        return exact


SPECIMEN = SpecimenPlug(
    about="a price that jumps over a stop does not set it off",
    kind="stops",
    caught_by=("model", "stop_trigger"),
    build=StopMissesAJump,
)
