"""Lets any account replace any order.

It stands for the check that was written for cancels and not for the path added later: who guesses an id, and ids are often counted,
moves a competitor's quote to a price at which he takes it.
"""

from __future__ import annotations

from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.reasons import Reason
from harness.base.records import Command


class ReplaceIgnoresTheOwner(PlainEngine):
    """Breaks: only its owner may replace an order."""

    def refusal_of_replace(self, replace: Command) -> Reason:
        order = self.live_order(replace.instrument, replace.target)
        account = replace.account if order is None else order.account
        return super().refusal_of_replace(replace._replace(account=account))


SPECIMEN = SpecimenPlug(
    about="an account replaces another account's order",
    kind="risk",
    caught_by=("reject_cause", "model"),
    build=ReplaceIgnoresTheOwner,
)
