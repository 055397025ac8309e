"""Counts a replace on top of the order that it replaces.

It stands for a replace that is carried out as a new order and then a cancel: an order at its limit cannot be moved by a tick, so it stays
where the market has left it.
"""

from __future__ import annotations

import dataclasses

from engines.guarded.engine import GuardedEngine
from engines.guarded.holders import OpenOrder
from engines.specimens import SpecimenPlug
from harness.base.records import Command


class ReplaceCountsItsTarget(GuardedEngine):
    """Breaks: what a replace adds is looked at after taking away what its target holds."""

    def held_by_target(self, replace: Command) -> OpenOrder:
        return dataclasses.replace(super().held_by_target(replace), qty=0)


SPECIMEN = SpecimenPlug(
    about="a replace counts on top of its target",
    kind="risk",
    caught_by=("reject_cause",),
    build=ReplaceCountsItsTarget,
    base="guarded",
)
