"""Holds each account to its own limits and the firm to none.

It stands for limits that are kept where the sessions are: each trader is within the bounds, the firm's desk of twenty is not, and the firm
is who pays.
"""

from __future__ import annotations

from engines.guarded.engine import GuardedEngine
from engines.guarded.holders import Holder
from engines.specimens import SpecimenPlug


class FirmNotCounted(GuardedEngine):
    """Breaks: limits are per account, and per firm over all its accounts."""

    def holders(self, account: int) -> tuple[Holder, ...]:
        return super().holders(account)[:1]


SPECIMEN = SpecimenPlug(
    about="the limits of firms are held by nobody",
    kind="risk",
    caught_by=("risk_limits",),
    build=FirmNotCounted,
    base="guarded",
)
