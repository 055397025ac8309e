"""Drops new orders without a word while too many are live.

It stands for a full pool or ring whose error code nobody reads. To be refused would be bad enough; without an answer the client does not
know whether it has an order in the market, and sends it again.
"""

from __future__ import annotations

from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import Command

LIVE_ORDERS_MAX = 300


class ExhaustionDropsInSilence(PlainEngine):
    """Breaks: every command is answered."""

    def on_new(self, new: Command) -> None:
        if len(self.live) < LIVE_ORDERS_MAX:
            super().on_new(new)


SPECIMEN = SpecimenPlug(
    about="a new order gets no answer while too many are live",
    kind="bounds",
    caught_by=("answered_once",),
    build=ExhaustionDropsInSilence,
    least_commands=LIVE_ORDERS_MAX + 1,
)
