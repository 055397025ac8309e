"""Says that an instrument is halted and goes on taking orders for it.

It stands for a halt that is told to the market and to the screens, while the gateway that checks orders learns of it late or never.
"""

from __future__ import annotations

from engines.guarded.engine import GuardedEngine
from engines.plain.risk import FINE
from engines.specimens import SpecimenPlug
from harness.base.reasons import Reason


class HaltLetsOrdersIn(GuardedEngine):
    """Breaks: new orders and replaces are refused while their instrument is halted."""

    def check_trading(self, instrument: int) -> Reason:
        del instrument
        return FINE


SPECIMEN = SpecimenPlug(
    about="orders come in while their instrument is halted",
    kind="risk",
    caught_by=("risk_limits", "reject_cause"),
    build=HaltLetsOrdersIn,
    base="guarded",
)
