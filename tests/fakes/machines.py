"""Folders that look like the kernel's files of one machine or another, and records of what it did meanwhile."""

from __future__ import annotations

from pathlib import Path

from harness.evidence.kernel_files import KernelFiles
from harness.evidence.run import HostRecord, HostUse

SECOND_NS = 1_000_000_000
MACHINE = HostRecord(
    cpu="AMD EPYC", cores=2, memory_bytes=1 << 30, governor="", kernel="6", python="3.11", load_1min=0.1, timer_ns=40, sleeps=200,
    sleep_late_p50_ns=70_000, sleep_late_p99_ns=90_000,
)  # fmt: skip


def shown(root: Path, files: dict[str, str]) -> KernelFiles:
    """A machine with these files, by their place under its root."""
    for place, text in files.items():
        path = root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return KernelFiles(root)


def quiet(**figures: object) -> HostUse:
    """A machine that did nothing for others; any figure may be given."""
    fields = {
        "wall_ns": 10 * SECOND_NS,
        "steal": 0.0,
        "throttled": 0.0,
        "cpu_stall": 0.0,
        "io_stall": 0.0,
        "memory_stall": 0.0,
        "preempted": 3,
    }
    return HostUse(**(fields | figures))
