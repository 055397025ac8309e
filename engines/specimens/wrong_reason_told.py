"""Says of an order beyond its position limit that its value is too high.

It stands for codes that were copied from the control above: the refusal is right, and whoever reads it looks for the cause elsewhere.
"""

from __future__ import annotations

from engines.guarded.asked import Asked
from engines.guarded.engine import GuardedEngine
from engines.plain.risk import FINE
from engines.specimens import SpecimenPlug
from harness.base.reasons import Reason


class WrongReasonTold(GuardedEngine):
    """Breaks: the reason of a refusal applies."""

    def check_position(self, asked: Asked) -> Reason:
        return Reason.RISK_EXPOSURE if super().check_position(asked) else FINE


SPECIMEN = SpecimenPlug(
    about="an order beyond a position limit is refused for its exposure",
    kind="risk",
    caught_by=("reject_cause",),
    build=WrongReasonTold,
    base="guarded",
)
