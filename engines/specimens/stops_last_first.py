"""Carries out stops that trigger together in the order opposite to the one that it declares.

It stands for stops that are pushed on a stack as they are found and taken from its top: nobody sees it until a fast market sets off
several at once, and then who waited nearest to the price is served last.
"""

from __future__ import annotations

from collections.abc import Iterable

from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug


class StopsLastFirst(PlainEngine):
    """Breaks: of stops that trigger at one moment, the one that the price reaches first comes first."""

    def look_at_stops(self, instruments: Iterable[int]) -> None:
        before = len(self.triggered)
        super().look_at_stops(instruments)
        moment = [self.triggered.pop() for _ in range(len(self.triggered) - before)]
        self.triggered.extend(moment)


SPECIMEN = SpecimenPlug(
    about="stops that trigger together are carried out last first",
    kind="stops",
    caught_by=("model", "stop_trigger"),
    build=StopsLastFirst,
)
