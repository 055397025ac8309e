"""Sets stops off by the best opposite price, though it says that it looks at the last trade.

It stands for an engine that was changed from one rule to the other in one place of two. Where the market is thin, one offer far
away fires the stops of all who protect themselves against a trade.
"""

from __future__ import annotations

from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import Side


class StopLooksAtTheQuote(PlainEngine):
    """Breaks: under `last_trade` a stop triggers by a trade."""

    def price_looked_at(self, instrument: int, side: Side) -> int | None:
        front = self.opposite(instrument, side).front()
        return None if front is None else front.price


SPECIMEN = SpecimenPlug(
    about="stops trigger by quotes and not by trades, earlier than they may",
    kind="stops",
    caught_by=("model", "stop_trigger"),
    build=StopLooksAtTheQuote,
)
