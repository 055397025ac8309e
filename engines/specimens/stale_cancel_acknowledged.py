"""Acknowledges the cancel of an order that is gone.

It stands for a cancel that is made idempotent at the wrong end: "not there" is taken for "successfully removed". An order that was
filled a moment before is told as canceled too, and its owner books both.
"""

from __future__ import annotations

from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.reasons import Reason
from harness.base.records import Command, EventKind


class StaleCancelAcknowledged(PlainEngine):
    """Breaks: a cancel is refused where its order is gone."""

    def on_cancel(self, cancel: Command) -> None:
        if self.live_order(cancel.instrument, cancel.target) is None:
            self.tell.refused(cancel._replace(qty=0), EventKind.CANCELED, Reason.USER)
        else:
            super().on_cancel(cancel)


SPECIMEN = SpecimenPlug(
    about="a cancel for an order that is gone is acknowledged",
    kind="lifecycle",
    caught_by=("lifecycle", "reject_cause"),
    build=StaleCancelAcknowledged,
)
