"""Cancels and replaces an order by its id alone, whichever instrument the command names.

It stands for one table of ids for all books, in which nobody looks at the rest of the record. A sender whose ids and instruments got mixed
up is not told so: his command is taken, and another order than the one he meant is gone.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug


class InstrumentOfTargetIgnored(PlainEngine):
    """Breaks: a cancel or a replace is refused where no order with the id is live on the instrument."""

    def live_order(self, instrument: int, order_id: int) -> Order | None:
        return self.live.get(order_id) if instrument in self.instruments else None


SPECIMEN = SpecimenPlug(
    about="a cancel or a replace reaches the order though it names another instrument",
    kind="matching",
    caught_by=("reject_cause", "model"),
    build=InstrumentOfTargetIgnored,
)
