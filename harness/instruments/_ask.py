"""What a drive asks of an engine: how many commands by when, and what is missing where the commands come to their end before."""

from __future__ import annotations

import math
from dataclasses import dataclass

from harness.base.shortfall import Shortfall
from harness.pacing import Pacing

NO_BOUND = 2**62
"""Commands of a drive that something else ends."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A pace within the bounds of a drive."""

    pacing: Pacing
    commands: int
    """The most."""
    duration_ns: int
    """For how long; 0: until the commands come to their end."""

    def in_all(self) -> int:
        """How many commands that is; 0 where nobody knows."""
        if not self.duration_ns:
            return self.commands if self.commands < NO_BOUND else 0
        return min(round(self.pacing.asked_by(self.duration_ns)), self.commands) if self.pacing.rate_per_s else 0

    def due(self) -> int:
        """How many commands are due within the bounds, to the last one; NO_BOUND where no time and no number says."""
        if not self.duration_ns or not self.pacing.rate_per_s:
            return self.commands
        low, high = 0, 1
        while high < self.commands and self._is_due(high):
            low, high = high, 2 * high
        high = min(high, self.commands)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._is_due(middle) else (low, middle - 1)
        return low

    def by(self, elapsed_ns: int) -> float:
        """How many commands are asked for in this time from the start; NaN where they go as fast as the engine takes them."""
        if not self.pacing.rate_per_s:
            return math.nan
        within_ns = min(elapsed_ns, self.duration_ns) if self.duration_ns else elapsed_ns
        return min(self.pacing.asked_by(within_ns), self.commands)

    def _is_due(self, number: int) -> bool:
        """Whether this command is due before the end of the time."""
        return int(self.pacing.due_ns(number, 1)[0]) < self.duration_ns

    def missing(self, sent: int, elapsed_ns: int) -> Shortfall | None:
        """Of the time asked for, or of that which the shape of the rate takes, once no further command comes; None: nothing."""
        asked_ns = self.duration_ns or self.pacing.span_ns
        if not self.pacing.rate_per_s:
            return Shortfall(elapsed_ns, asked_ns, sent, 0) if elapsed_ns < asked_ns else None
        due_ns = int(self.pacing.due_ns(sent + 1, 1)[0])
        asked = round(self.pacing.asked_by(asked_ns))
        return Shortfall(due_ns, asked_ns, sent, asked) if due_ns < asked_ns else None
