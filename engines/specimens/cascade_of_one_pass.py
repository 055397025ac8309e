"""Looks at the stops once a command: those that its triggered orders reach wait for the next one.

It stands for a list of stops that is walked once after each command. In a fall, when one stop sets off the next, each of them comes a
command too late, at the price that the commands between have left it.
"""

from __future__ import annotations

from collections.abc import Iterable

from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug


class CascadeOfOnePass(PlainEngine):
    """Breaks: stops are looked at again each time a triggered order is done with."""

    def carry_out_triggered(self, instruments: Iterable[int]) -> None:
        self.look_at_stops(instruments)
        while self.triggered:
            self.trigger(self.triggered.popleft())


SPECIMEN = SpecimenPlug(
    about="a stop that a triggered order reaches waits for the next command",
    kind="stops",
    caught_by=("stop_trigger", "model"),
    build=CascadeOfOnePass,
)
