"""The service's own clock: nanoseconds since 1970 that never go back, however the machine's calendar clock is set meanwhile.

It is calibrated once, at the start: the calendar clock is read between two looks at the monotonic one, several times, and the pair that lies
closest together says how far the two are apart. From then on the monotonic clock alone runs. To ask before that is an error.
"""

from __future__ import annotations

import time
from collections.abc import Callable

DAY_NS = 86_400 * 10**9
LOOKS = 64
"""Most looks take some 100 ns; now and then one is interrupted, and that one is not used."""


class NotCalibratedError(Exception):
    """The clock was asked before it was calibrated: a stamp from it would be of no day."""


class ServiceClock:
    """Stamps for commands, once it is calibrated."""

    def __init__(
        self, monotonic_ns: Callable[[], int] = time.monotonic_ns, calendar_ns: Callable[[], int] = time.time_ns
    ) -> None:
        self._monotonic_ns, self._calendar_ns = monotonic_ns, calendar_ns
        self._offset_ns: int | None = None

    def calibrate(self) -> int:
        """Learn how far the clocks are apart; by how much that may be wrong, in ns. Once only."""
        if self._offset_ns is not None:
            raise NotCalibratedError("the clock was calibrated already; its stamps would jump")
        looks = []
        for _ in range(LOOKS):
            before_ns, calendar_ns, after_ns = self._monotonic_ns(), self._calendar_ns(), self._monotonic_ns()
            looks.append((after_ns - before_ns, calendar_ns - (before_ns + after_ns) // 2))
        error_ns, self._offset_ns = min(looks)
        return error_ns

    def now_ns(self) -> int:
        """Nanoseconds since 1970.

        Raises:
            NotCalibratedError: it was not calibrated.
        """
        if self._offset_ns is None:
            raise NotCalibratedError("the clock was asked before it was calibrated")
        return self._monotonic_ns() + self._offset_ns

    def wait_until(self, due_ns: int) -> None:
        """Sleep until then."""
        while (left_ns := due_ns - self.now_ns()) > 0:
            time.sleep(left_ns / 1e9)
