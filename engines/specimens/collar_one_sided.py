"""Holds a price back only where it lies too far above the reference price.

It stands for a difference that is compared without its absolute value: a seller's price that lost a digit goes through, and the
whole book on the other side with it.
"""

from __future__ import annotations

from engines.plain.engine import PlainEngine
from engines.plain.risk import FINE
from engines.specimens import SpecimenPlug
from harness.base.capabilities import RiskLimits
from harness.base.reasons import Reason
from harness.base.records import Command


class CollarOneSided(PlainEngine):
    """Breaks: a limit price too far below the reference price is refused."""

    def check_collar(self, risk: RiskLimits, asked: Command, order_type: int) -> Reason:
        too_low = asked.price < self.reference_price(asked.instrument)
        return FINE if too_low else super().check_collar(risk, asked, order_type)


SPECIMEN = SpecimenPlug(
    about="the price collar lets prices through that are too low",
    kind="risk",
    caught_by=("reject_cause", "model"),
    build=CollarOneSided,
)
