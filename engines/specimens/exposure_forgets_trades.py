"""Counts towards the exposure what is open, and forgets it once it has traded.

It stands for a limit on open orders that took the name of a limit on exposure: the account buys to its limit, is filled, and buys to its
limit again.
"""

from __future__ import annotations

from engines.guarded.asked import Asked
from engines.guarded.engine import GuardedEngine
from engines.guarded.holders import Holder
from engines.specimens import SpecimenPlug


class ExposureForgetsTrades(GuardedEngine):
    """Breaks: what was traded stays in the exposure."""

    def exposure_with(self, holder: Holder, asked: Asked) -> int:
        return super().exposure_with(holder, asked) - holder.traded_value


SPECIMEN = SpecimenPlug(
    about="what has traded is no exposure any more",
    kind="risk",
    caught_by=("risk_limits",),
    build=ExposureForgetsTrades,
    base="guarded",
)
