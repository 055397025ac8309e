"""One process as Linux tells of it under /proc, each file read once. What may not be read is NaN; of a process that is gone there is nothing.

The kernel says in proc(5) what each figure is. Memory is counted where it is mapped: what a forked process shares with its parent counts for both, in all figures
but `pss_bytes`, which gives each its part. Files read and written are counted where the storage is asked for them, so a file in memory counts nothing.
"""

from __future__ import annotations

import math
import os
import re
from contextlib import suppress
from typing import NamedTuple

from harness.target.tree import read, threads

TICKS_S = float(os.sysconf("SC_CLK_TCK")) if hasattr(os, "sysconf") else 100.0
KIB = 1024
_NUMBERS = re.compile(rb"^(\w+):\s+(\d+)", re.MULTILINE)


class Held(NamedTuple):
    """What a process has now."""

    rss_bytes: float = math.nan
    heap_bytes: float = math.nan
    """Anonymous memory, in memory or swapped out: heap, stacks, what was mapped without a file."""
    reserved_bytes: float = math.nan
    """Private address space for data (`VmData`): what was asked for, also where nothing was ever written."""
    descriptors: float = math.nan
    threads: float = math.nan


class Used(NamedTuple):
    """What a process has used since it began."""

    user_cpu_s: float = math.nan
    system_cpu_s: float = math.nan
    minor_faults: float = math.nan
    major_faults: float = math.nan
    read_bytes: float = math.nan
    written_bytes: float = math.nan


class Reading(NamedTuple):
    """All of one process that costs little."""

    began: float
    """By which two processes of one number are told apart."""
    held: Held
    used: Used


def reading(pid: int) -> Reading | None:
    """What the process has and has used; None of one that has ended, also where nobody has waited for it."""
    try:
        # The name in it may hold anything, so that only what follows its last bracket can be counted off.
        stat = read(f"/proc/{pid}/stat").rpartition(b")")[2].split()
        if stat[0] in b"ZX":
            return None
        told = _fields(read(f"/proc/{pid}/status"))
        held = Held(
            rss_bytes=_kib(told, b"VmRSS"), heap_bytes=_kib(told, b"RssAnon") + _kib(told, b"VmSwap"), reserved_bytes=_kib(told, b"VmData"),
            descriptors=_descriptors(pid), threads=float(stat[17]),
        )  # fmt: skip
        fetched, written = _storage(pid)
    except (ProcessLookupError, FileNotFoundError):
        return None
    used = Used(
        user_cpu_s=int(stat[11]) / TICKS_S, system_cpu_s=int(stat[12]) / TICKS_S,
        minor_faults=float(stat[7]), major_faults=float(stat[9]), read_bytes=fetched, written_bytes=written,
    )  # fmt: skip
    return Reading(float(stat[19]), held, used)


def switches(pid: int) -> dict[str, tuple[float, ...]]:
    """How often each of its threads gave up a core, and how often it was made to: the kernel tells of one at a time, so many take long."""
    found: dict[str, tuple[float, ...]] = {}
    for thread in threads(pid):
        # One may end meanwhile.
        with suppress(OSError):
            told = _fields(read(f"/proc/{pid}/task/{thread}/status"))
            found[thread] = float(told[b"voluntary_ctxt_switches"]), float(told[b"nonvoluntary_ctxt_switches"])
    return found


def pss_bytes(pid: int) -> float:
    """Its memory, with its part of what it shares. The kernel walks through all of it for that."""
    try:
        return _kib(_fields(read(f"/proc/{pid}/smaps_rollup")), b"Pss")
    except OSError:
        return math.nan


def _fields(text: bytes) -> dict[bytes, bytes]:
    """What is a number, by its name."""
    return dict(_NUMBERS.findall(text))


def _kib(told: dict[bytes, bytes], name: bytes) -> float:
    return float(told[name]) * KIB if name in told else math.nan


def _descriptors(pid: int) -> float:
    place = f"/proc/{pid}/fd"
    try:
        # Since Linux 6.2 the size of the folder is their number; before, it is 0, and they must be counted.
        return float(os.stat(place).st_size or len(os.listdir(place)))  # noqa: PTH116, PTH208 - pathlib takes twice as long
    except PermissionError:
        return math.nan


def _storage(pid: int) -> tuple[float, float]:
    """Bytes that it caused to be read from storage and to be written there."""
    try:
        told = _fields(read(f"/proc/{pid}/io"))
    except (PermissionError, FileNotFoundError):
        # A kernel need not count it.
        return math.nan, math.nan
    return float(told[b"read_bytes"]), float(told[b"write_bytes"])
