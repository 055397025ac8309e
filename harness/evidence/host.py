"""What machine a run is made on, and which source a program comes from."""

from __future__ import annotations

import itertools
import os
import platform
import subprocess
import time
from pathlib import Path

import msgspec
import psutil

from harness.evidence.kernel_files import KernelFiles
from harness.evidence.run import HostRecord

GIT_TIMEOUT_S = 5
SLEEPS = 200
SLEEP_NS = 100_000
SLEEPS_NS_MOST = 500_000_000
"""How many short sleeps are timed, each for how long, and for how long altogether, however late they wake."""


def host(files: KernelFiles | None = None) -> HostRecord:
    """This machine, now."""
    files = files or KernelFiles()
    return HostRecord(
        cpu=files.cpu() or platform.processor() or platform.machine(), cores=psutil.cpu_count() or 0,
        memory_bytes=psutil.virtual_memory().total, governor=files.governor(), kernel=platform.release(),
        python=platform.python_version(), load_1min=round(os.getloadavg()[0], 2), timer_ns=_timer_ns(),
        timer_resolution_ns=round(time.get_clock_info("perf_counter").resolution * 1e9), clock_source=files.clock_source(),
        smt=files.smt(), turbo=files.turbo(), virtual=files.virtual(), container=files.container(),
        quota_cores=round(files.quota_cores(), 3), gonogo_cores=cores_of(psutil.Process()),
    )  # fmt: skip


def with_sleeps(machine: HostRecord) -> HostRecord:
    """The same with how late short sleeps woke; it takes some 35 ms, and never more than a sleep over half a second."""
    late_ns = sorted(_lateness_ns())
    return msgspec.structs.replace(
        machine, sleeps=len(late_ns), sleep_late_p50_ns=late_ns[len(late_ns) // 2], sleep_late_p99_ns=late_ns[len(late_ns) * 99 // 100]
    )  # fmt: skip


def cores_of(process: psutil.Process) -> tuple[int, ...]:
    """The cores that the process may run on; none where that is not told, or the process is gone."""
    try:
        # Not every system has it, and what it lacks is not told.
        return tuple(sorted(process.cpu_affinity()))
    except (AttributeError, psutil.Error):
        return ()


def _lateness_ns() -> list[int]:
    late_ns: list[int] = []
    begun_ns = time.perf_counter_ns()
    while len(late_ns) < SLEEPS and (asleep_ns := time.perf_counter_ns()) - begun_ns < SLEEPS_NS_MOST:
        time.sleep(SLEEP_NS / 1e9)
        late_ns.append(max(time.perf_counter_ns() - asleep_ns - SLEEP_NS, 0))
    return late_ns


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


def _timer_ns() -> int:
    """The smallest step seen of the clock that times everything, over a thousand readings."""
    ticks = [time.perf_counter_ns() for _ in range(1000)]
    return min((b - a for a, b in itertools.pairwise(ticks) if b > a), default=0)
