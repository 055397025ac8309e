"""Takes prices between the steps of an instrument.

It stands for a tick table that is kept with the market data and not asked at order entry: whoever quotes half a step better stands before
all who keep to the rule.
"""

from __future__ import annotations

from engines.plain.engine import PlainEngine
from engines.plain.risk import FINE
from engines.specimens import SpecimenPlug
from harness.base.reasons import Reason


class PriceStepIgnored(PlainEngine):
    """Breaks: a price is a multiple of the instrument's step."""

    def check_price(self, instrument: int, price: int) -> Reason:
        bounds = self.instruments[instrument]
        return FINE if bounds.price_min <= price <= bounds.price_max else Reason.INVALID_PRICE


SPECIMEN = SpecimenPlug(
    about="a price between two steps is taken",
    kind="risk",
    caught_by=("reject_cause", "model"),
    build=PriceStepIgnored,
)
