"""A cancel of an order that is gone kills the engine: it looks the order up without asking whether it is there.

Stands for the engines whose happy path is tested and whose stale cancels are not: in production every fast client sends them.
"""

from __future__ import annotations

from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.reasons import Reason
from harness.base.records import Command


class DiesOfAStaleCancel(PlainEngine):
    """Breaks: a cancel is refused where its order is gone."""

    def refusal_of_cancel(self, cancel: Command) -> Reason:
        del cancel
        return Reason.NONE


SPECIMEN = SpecimenPlug(
    about="dies of a cancel for an order that is gone",
    kind="matching",
    caught_by=("alive",),
    build=DiesOfAStaleCancel,
)
