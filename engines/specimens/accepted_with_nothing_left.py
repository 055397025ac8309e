"""Tells an accepted order with a remaining quantity of 0.

It stands for a field that is filled by the book and told by the gateway before it. By the protocol nothing left means done: a client
that goes by the field takes its live order for gone.
"""

from __future__ import annotations

from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import Commands, EventKind, Events


class AcceptedWithNothingLeft(PlainEngine):
    """Breaks: of an order that is accepted, all is open."""

    def submit(self, commands: Commands) -> Events:
        events = super().submit(commands)
        events["remaining"][events["kind"] == EventKind.ACCEPTED] = 0
        return events


SPECIMEN = SpecimenPlug(
    about="an order is accepted with nothing remaining",
    kind="lifecycle",
    caught_by=("conservation", "model"),
    build=AcceptedWithNothingLeft,
)
