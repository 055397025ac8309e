"""A breaker halts for good.

It stands for a pause whose end is told to a timer that nobody started: trading stops for five seconds, and is still stopped when the
market closes.
"""

from __future__ import annotations

from engines.guarded.engine import GuardedEngine
from engines.guarded.holders import Watched
from engines.specimens import SpecimenPlug


class BreakerNeverResumes(GuardedEngine):
    """Breaks: a pause ends by itself."""

    def end_of_pause(self, instrument: Watched) -> int | None:
        del instrument
        return None


SPECIMEN = SpecimenPlug(
    about="a breaker's halt has no end",
    kind="risk",
    caught_by=("breaker",),
    build=BreakerNeverResumes,
    base="guarded",
)
