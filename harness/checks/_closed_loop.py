"""What a tester that waits for each answer before it sends its next command would have told of the same run.

Such a tester is held up by the very engine that it measures: while that stalls it sends nothing, and of all the commands that would have
waited it tells one (coordinated omission; G. Tene, "How NOT to Measure Latency"). Here each connection is thinned to what such a tester could have sent: a
command counts only if it went out once the last one that counted was answered, and its time begins when it went out. Stretches of history
are taken as they come, the commands of each in the order in which they were sent.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harness.base.findings import Distribution
from harness.base.histogram import Histogram
from harness.base.records import NONE, Commands, Int64Array


class ClosedLoop:
    """When each connection could have sent again, and how long its commands took that count; memory grows with the connections alone."""

    def __init__(self, *, by_account: bool) -> None:
        """With `by_account` each account has a connection of its own; else a session is one, whatever accounts it carries."""
        # It imports numba, and whoever lists the checks need not wait for that.
        from harness.checks._closed_loop_kernel import thin  # noqa: PLC0415

        self._thin = thin
        self._by_account = by_account
        self._rows: dict[int, int] = {}
        self._free_ns: Int64Array = np.zeros(0, np.int64)
        self._took = Histogram()

    def add(self, commands: Commands, came_ns: Int64Array) -> None:
        """Take in commands that were sent, and when each was answered first; both of shape (n,)."""
        sent_ns, rows = commands["sent_ns"], self._rows_of(commands)
        if (sent_ns[1:] < sent_ns[:-1]).any():
            order = np.argsort(sent_ns, kind="stable")
            sent_ns, rows, came_ns = sent_ns[order], rows[order], came_ns[order]
        counts = np.zeros(len(commands), np.bool_)
        # Fields of what was read from a file are strided and may not be written to: another kind of array to the kernel.
        self._thin(self._free_ns, rows, sent_ns.copy(), came_ns.copy(), counts)
        self._took.record(came_ns[counts] - sent_ns[counts])

    def distribution(self) -> Distribution:
        """How long the commands took that count, from when they were sent to their answers."""
        return self._took.distribution()

    def _rows_of(self, commands: Commands) -> Int64Array:
        """The row of each command's connection; one that is new could always have sent."""
        names = commands["session"].astype(np.int64) << 32
        if self._by_account:
            names += commands["account"]
        connections, place = np.unique(names, return_inverse=True)
        rows = np.array([self._rows.setdefault(name, len(self._rows)) for name in connections.tolist()], np.int64)
        more = np.full(len(self._rows) - len(self._free_ns), NONE, np.int64)
        self._free_ns = np.concatenate((self._free_ns, more))
        found: npt.NDArray[np.int64] = rows[place]
        return found
