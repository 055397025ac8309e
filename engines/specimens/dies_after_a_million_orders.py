"""Dies of the order after the millionth.

It stands for an array of orders that is laid out for a day that seemed large, and that gives no place back: every test ends before it is
full, and the first day that is larger ends in the afternoon. The engine that it breaks is the reference one: a million orders are its
second or two.
"""

from __future__ import annotations

from collections.abc import Sequence

from engines.reference.engine import ReferenceEngine
from engines.reference.offered import CONVENTIONS
from engines.specimens import SpecimenPlug
from harness.base.capabilities import Conventions, Instrument
from harness.base.records import CommandKind, Commands, Events


class DiesAfterAMillionOrders(ReferenceEngine):
    """Breaks: the engine goes on, however many orders it has seen."""

    places = 1_000_000
    """What the array of orders has, for good and all."""

    def __init__(self, instruments: Sequence[Instrument], conventions: Conventions = CONVENTIONS) -> None:
        super().__init__(instruments, conventions)
        self._taken = 0

    def submit(self, commands: Commands) -> Events:
        self._taken += int((commands["kind"] == CommandKind.NEW).sum())
        if self._taken > self.places:
            raise IndexError(f"order {self.places + 1:,} of an array of {self.places:,}")
        return super().submit(commands)


SPECIMEN = SpecimenPlug(
    about="dies of the order after the millionth",
    kind="bounds",
    caught_by=("alive",),
    build=DiesAfterAMillionOrders,
    least_commands=DiesAfterAMillionOrders.places + 1,
    # Of ten commands of a flow seven or eight are new orders.
    flow_commands=1_400_000,
    base="reference",
)
