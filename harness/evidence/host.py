"""What machine a run is made on, and which source a program comes from."""

from __future__ import annotations

import itertools
import os
import platform
import subprocess
import time
from pathlib import Path

import psutil

from harness.evidence.run import HostRecord

GIT_TIMEOUT_S = 5


def host() -> HostRecord:
    """This machine, now."""
    return HostRecord(
        cpu=_cpu(), cores=psutil.cpu_count() or 0, memory_bytes=psutil.virtual_memory().total,
        governor=_read(Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")),
        kernel=platform.release(), python=platform.python_version(),
        load_1min=round(os.getloadavg()[0], 2), timer_ns=_timer_ns(),
    )  # fmt: skip


class CpuUse:
    """Who used the machine's cores since this object was made: whether a late answer can be laid at anybody's door."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._before = self._read()

    def shares(self) -> tuple[float, float]:
        """The shares of all cores' time that other processes used and that nobody used, each 0 to 1."""
        total, idle, own = (now - then for now, then in zip(self._read(), self._before, strict=True))
        if total <= 0:
            return 0.0, 1.0
        return round(min(max((total - idle - own) / total, 0.0), 1.0), 4), round(min(idle / total, 1.0), 4)

    def _read(self) -> tuple[float, float, float]:
        """Seconds of all cores together, idle ones among them, and this process's own."""
        machine, own = psutil.cpu_times(), self._process.cpu_times()
        idle = machine.idle + getattr(machine, "iowait", 0.0)
        return sum(machine[:8]), idle, own.user + own.system


def source(folder: Path) -> tuple[str, bool]:
    """The git commit of a folder's source and whether it was changed since; empty where git does not track the folder."""
    commit = _git(folder, "rev-parse", "HEAD") if _git(folder, "ls-files", ".") else ""
    return (commit, bool(_git(folder, "status", "--porcelain", "--untracked-files=no"))) if commit else ("", False)


def _git(folder: Path, *words: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words], capture_output=True, text=True, timeout=GIT_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _cpu() -> str:
    for line in _read(Path("/proc/cpuinfo")).splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""


def _timer_ns() -> int:
    """The smallest step seen of the clock that times everything, over a thousand readings."""
    ticks = [time.perf_counter_ns() for _ in range(1000)]
    return min((b - a for a, b in itertools.pairwise(ticks) if b > a), default=0)
