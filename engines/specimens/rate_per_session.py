"""Counts messages by session instead of by account.

It stands for a throttle that lives in the gateway: an account with four sessions has four times its rate, and opens the other three when
the first is slowed down.
"""

from __future__ import annotations

from engines.guarded.engine import GuardedEngine
from engines.specimens import SpecimenPlug
from harness.base.records import Command


class RatePerSession(GuardedEngine):
    """Breaks: the rate is one over all sessions of an account."""

    def sender_of(self, command: Command) -> int:
        return command.session


SPECIMEN = SpecimenPlug(
    about="each session of an account has the whole rate",
    kind="risk",
    caught_by=("risk_limits",),
    build=RatePerSession,
    base="guarded",
)
