"""How long the disk itself takes to make a few kilobytes durable: what no journal beside it can be faster than."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np

from harness.base.records import Int64Array


def sync_times(path: Path, size: int, count: int) -> Int64Array:
    """Nanoseconds of so many syncs, each of so many bytes behind the ones before, in a file that has its room already as a journal's has."""
    zeros = bytes(size)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        os.pwrite(file, bytes(size * count), 0)
        os.fsync(file)
        times_ns = np.empty(count, np.int64)
        for number in range(count):
            os.pwrite(file, zeros, number * size)
            begun_ns = time.perf_counter_ns()
            os.fdatasync(file)
            times_ns[number] = time.perf_counter_ns() - begun_ns
    finally:
        os.close(file)
        path.unlink()
    return times_ns
