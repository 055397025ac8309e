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
