"""Remembers of each account's orders only the last one.

It stands for a filter that compares an order with the one before: the same two orders in turn, as from a process that was started twice,
go through for ever.
"""

from __future__ import annotations

from engines.guarded.controls import content_of
from engines.guarded.engine import GuardedEngine
from engines.specimens import SpecimenPlug
from harness.base.records import Command


class DuplicatesForgotten(GuardedEngine):
    """Breaks: the same order is held back as long as it stands in the window."""

    def remember_content(self, new: Command) -> None:
        account = self.accounts.get(new.account)
        if account is not None and not account.duplicates.amount(self.stamp_ns, content_of(new)):
            account.duplicates.clear()
        super().remember_content(new)


SPECIMEN = SpecimenPlug(
    about="another order in between makes a duplicate new",
    kind="risk",
    caught_by=("risk_limits",),
    build=DuplicatesForgotten,
    base="guarded",
)
