"""The reference engine, made slower on purpose by a known share: in a run without a pace, all that it takes becomes so much longer.

After each batch it works on for a share of the processor time that was taken since it let go of the last one, gonogo's part with it. By the wall
clock it would pay for what others took meanwhile as well. An adapter file for `--engine`.
"""

import os
import time

from engines.adapters.reference import ReferenceInProcess

BY = float(os.environ.get("SLOWED_BY", "0.10"))
"""By which share it is slower."""


class Slowed(ReferenceInProcess):
    """The engine through its own adapter, holding on after each batch."""

    name = "slowed"

    def start(self):
        super().start()
        self._let_go_ns = 0

    def take(self, commands):
        begun_ns = self._let_go_ns or time.thread_time_ns()
        taken = super().take(commands)
        now_ns = time.thread_time_ns()
        until_ns = now_ns + (now_ns - begun_ns) * BY
        while now_ns < until_ns:
            now_ns = time.thread_time_ns()
        self._let_go_ns = now_ns
        return taken


ENGINE = Slowed
