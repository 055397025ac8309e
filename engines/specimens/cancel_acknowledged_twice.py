"""Acknowledges each cancel twice.

It stands for two components that both answer, the gateway when it passes the cancel on and the book when it is done. A client that
counts its open orders by acknowledgements is one short for each cancel.
"""

from __future__ import annotations

from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.reasons import Reason
from harness.base.records import Command


class CancelAcknowledgedTwice(PlainEngine):
    """Breaks: a command is answered once."""

    def on_cancel(self, cancel: Command) -> None:
        refused = self.refusal_of_cancel(cancel)
        order = self.live_order(cancel.instrument, cancel.target)
        super().on_cancel(cancel)
        if order is not None and not refused:
            self.tell.canceled(order, 0, Reason.USER)


SPECIMEN = SpecimenPlug(
    about="each cancel is acknowledged twice",
    kind="lifecycle",
    caught_by=("answered_once",),
    build=CancelAcknowledgedTwice,
)
