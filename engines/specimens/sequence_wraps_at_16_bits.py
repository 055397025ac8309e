"""Numbers its events with 16 bits: after 65,535 comes 0.

It stands for a field of the wire that was wide enough for the test day. Whoever listens takes the small numbers for old messages and
throws them away.
"""

from __future__ import annotations

from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug
from harness.base.records import Commands, Events

NUMBERS = 2**16


class SequenceWrapsAt16Bits(PlainEngine):
    """Breaks: events count from 1 without gaps."""

    def submit(self, commands: Commands) -> Events:
        events = super().submit(commands)
        events["engine_seq"] %= NUMBERS
        return events


SPECIMEN = SpecimenPlug(
    about="the number of an event begins anew after 65,535",
    kind="numbering",
    caught_by=("numbering",),
    build=SequenceWrapsAt16Bits,
    # An order gives four events at the most: accepted, triggered, rested, and the one that ends it. A stop needs a trade before it
    # triggers, and the two orders of that trade give three each. Nothing else gives more than two, but for what it ends.
    least_commands=2 + -(-(NUMBERS - 2 * 3) // 4),
    flow_commands=NUMBERS // 2,
)
