"""Carries out the cancels of a batch before everything else in it.

It stands for a queue for urgent messages: cancels lower the risk, so somebody lets them pass while the engine is busy. A cancel that came in
one packet with its order now comes before it, finds nothing and is refused, and the order stays. Whoever sends one message at a time
and waits for the answer, as most tests do, never sees it.
"""

from __future__ import annotations

import numpy as np

from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import CommandKind, Commands, Events


class CancelsOvertakeOrders(PlainEngine):
    """Breaks: commands are carried out in the order in which they came."""

    def submit(self, commands: Commands) -> Events:
        return super().submit(commands[np.argsort(commands["kind"] != CommandKind.CANCEL, kind="stable")])


SPECIMEN = SpecimenPlug(
    about="the cancels of a batch are carried out first",
    kind="sequence",
    caught_by=("metamorphic", "model"),
    build=CancelsOvertakeOrders,
)
