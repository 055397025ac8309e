"""Looks at new orders and never at a replace.

It stands for controls that were written for order entry, while modification came later and took the path of the cancel: an order of one
lot is let in and becomes one of a thousand.
"""

from __future__ import annotations

from engines.guarded.engine import GuardedEngine
from engines.plain.risk import FINE
from engines.specimens import SpecimenPlug
from harness.base.reasons import Reason
from harness.base.records import Command


class ReplaceBypassesTheControls(GuardedEngine):
    """Breaks: a replace passes through the controls as a new order does."""

    def refusal_of_replace(self, replace: Command) -> Reason:
        del replace
        return FINE


SPECIMEN = SpecimenPlug(
    about="a replace is held to no control",
    kind="risk",
    caught_by=("risk_limits",),
    build=ReplaceBypassesTheControls,
    base="guarded",
)
