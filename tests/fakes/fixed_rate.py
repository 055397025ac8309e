"""An engine that serves a fixed rate and no more: the plain engine behind a queue that lets so many commands through a second.

It answers at once, so it holds its caller until it has served what it was given. An adapter file for `--engine`.
"""

import os
import time

from engines.adapters.plain import PlainInProcess

CREDIT_NS = 20_000_000
"""For how long it may have been idle and serve that much faster afterwards: what its caller does between two batches costs it nothing."""
SERVES_PER_S = float(os.environ.get("SERVES_PER_S", "5000"))


class FixedRate(PlainInProcess):
    """The engine, each of whose commands takes its time."""

    name = "fixed rate"
    serves_per_s = SERVES_PER_S
    now_ns = staticmethod(time.perf_counter_ns)

    @staticmethod
    def sleep_ns(ns):
        time.sleep(ns / 1e9)

    def start(self):
        super().start()
        self._free_ns = 0.0

    def take(self, commands):
        # Counted on from when it was free last, so that waking late makes no command take longer.
        self._free_ns = max(self._free_ns, self.now_ns() - CREDIT_NS) + len(commands) * 1e9 / self.serves_per_s
        while (left_ns := self._free_ns - self.now_ns()) > 0:
            self.sleep_ns(int(left_ns) + 1)
        return super().take(commands)


ENGINE = FixedRate
