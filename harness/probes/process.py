"""The engine's process as the system sees it: memory, CPU time, threads, descriptors."""

from __future__ import annotations

import math
import os

import psutil


class ProcessProbe:
    """Reads one process; an engine inside gonogo is read together with gonogo."""

    columns = ("rss_bytes", "cpu_s", "threads", "descriptors")

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid or os.getpid())

    def read(self) -> tuple[float, ...]:
        try:
            with self._process.oneshot():
                cpu = self._process.cpu_times()
                rss = self._process.memory_info().rss
                return (rss, cpu.user + cpu.system, self._process.num_threads(), self._process.num_fds())
        except psutil.Error:
            return (math.nan,) * len(self.columns)


PROBE = ProcessProbe
