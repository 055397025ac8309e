"""The history of an engine of one channel whose wire cannot say every command: what was never sent is no part of it.

Its adapter answers such a command itself, with `rejected` on no channel. Which commands these are is known once a later one is answered.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harness.base.bits import joined
from harness.base.records import COMMAND, EVENT, Channel, Commands, EventKind, Events
from harness.evidence.fold import Segment


def are_unsaid(events: Events) -> npt.NDArray[np.bool_]:
    """Which events say that the adapter did not send a command."""
    unsaid: npt.NDArray[np.bool_] = (events["channel"] == Channel.NONE) & (events["kind"] == EventKind.REJECTED)
    return unsaid


class AsSaid:
    """Keeps the commands behind the last one that was answered."""

    def __init__(self) -> None:
        self._open: Commands = np.zeros(0, COMMAND)

    def of(self, segment: Segment) -> Segment:
        """The commands of which it is known that they were sent, and what the engine said."""
        events = segment.events
        unsaid = are_unsaid(events)
        commands = joined((self._open, segment.commands), COMMAND)
        known = commands["number"] <= events["command"].max(initial=0)
        self._open = commands[~known]
        commands = commands[known & ~np.isin(commands["number"], events["command"][unsaid])]
        return Segment(commands, events[~unsaid])

    def rest(self) -> Segment:
        """The commands that nothing answered."""
        commands, self._open = self._open, np.zeros(0, COMMAND)
        return Segment(commands, np.zeros(0, EVENT))
