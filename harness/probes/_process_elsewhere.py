"""One process on a system that is no Linux, as far as psutil tells of it; the rest is NaN."""

from __future__ import annotations

import math
from collections.abc import Callable

import psutil

from harness.probes._process_files import Held, Reading, Used


def reading(pid: int) -> Reading | None:
    """What the process has and has used; None of one that has ended."""
    try:
        process = psutil.Process(pid)
        with process.oneshot():
            if process.status() == psutil.STATUS_ZOMBIE:
                return None
            cpu = process.cpu_times()
            held = Held(
                rss_bytes=float(process.memory_info().rss), threads=float(process.num_threads()),
                descriptors=_had(process.num_fds),
            )  # fmt: skip
            used = Used(
                user_cpu_s=cpu.user, system_cpu_s=cpu.system,
                read_bytes=_had(lambda: process.io_counters().read_bytes), written_bytes=_had(lambda: process.io_counters().write_bytes),
            )  # fmt: skip
            return Reading(process.create_time(), held, used)
    except psutil.NoSuchProcess:
        return None
    except psutil.AccessDenied:
        return Reading(0.0, Held(), Used())


def switches(pid: int) -> dict[str, tuple[float, ...]]:
    """Of all its threads together, which is what is told there."""
    try:
        told = psutil.Process(pid).num_ctx_switches()
    except psutil.Error:
        return {}
    return {"": (float(told.voluntary), float(told.involuntary))}


def pss_bytes(pid: int) -> float:  # noqa: ARG001 - as it is asked for where it is told
    """Only Linux tells it."""
    return math.nan


def _had(figure: Callable[[], float]) -> float:
    """The figure, where there is such a thing and it may be read."""
    try:
        return float(figure())
    except (AttributeError, psutil.AccessDenied):
        return math.nan
