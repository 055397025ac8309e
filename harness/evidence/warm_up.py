"""A warm-up apart: what is due in the first stretch of a scenario is driven and judged like all else, and timed by no check.

An engine may have to load, compile or fill something first. Whoever does not want to count that says for how long it may take; rules hold
from the first command on.
"""

from __future__ import annotations

import numpy as np

from harness.base.records import NONE
from harness.evidence.fold import Segment


class WarmUp:
    """Leaves the commands of the warm-up out of what checks of times are given; it is counted from the first due time."""

    def __init__(self, warm_up_ns: int) -> None:
        self._warm_up_ns = warm_up_ns
        self._until_ns = NONE

    def of(self, segment: Segment) -> Segment:
        """The stretch without them: events that answer none of its commands are nobody's. Without a warm-up the same object."""
        if not self._warm_up_ns:
            return segment
        due_ns = segment.commands["due_ns"]
        known = due_ns != NONE
        if self._until_ns == NONE and known.any():
            self._until_ns = int(due_ns[known].min()) + self._warm_up_ns
        return Segment(segment.commands[~known | (due_ns >= np.int64(self._until_ns))], segment.events)
