"""What the clients of all ports asked for, in the order in which it came, in one file with holes behind it, found by port and number.

Replies repeat parts of a request that are not in our commands, such as the client's own text. A request lies here before its command is
offered, so that whatever comes back, now or after a restart, finds it. It survives the death of the process, as the page cache does. What the
machine lost with its power is told with blanks: a reply is never left out, since the numbers of those behind it would shift.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engines.service.gateway import requests_kernel as kernel
from engines.service.gateway.ids import PORTS
from engines.service.gateway.requests_kernel import Kept
from harness.base.records import Int64Array
from harness.wire.ouch import Records
from harness.wire.ouch_layout import REQUEST
from harness.wire.ouch_requests import inherited

REPLACE = ord("U")
NOT_KEPT = -1
NO_RESERVE = 0x4000
"""MAP_NORESERVE of Linux, for which the module has no name: memory that is not used is not asked for either."""


class Requests:
    """A row for each request that had a number, and one for all of a port that had none; row 0 is nobody's."""

    def __init__(self, path: Path, numbers: int, ports: Sequence[int]) -> None:
        """The file, made if it is not there; ports may use numbers up to `numbers`."""
        self.room = numbers + 1
        slots = np.full(PORTS, NOT_KEPT, np.int64)
        slots[list(ports)] = np.arange(len(ports))
        words, held = _mapped(path, len(ports) * self.room)
        rows_bytes = max(len(ports), 1) * self.room * np.dtype(np.int32).itemsize
        index = mmap.mmap(-1, rows_bytes, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | NO_RESERVE)
        rows = np.frombuffer(index, np.int32).reshape(-1, self.room)
        self.kept = Kept(words, rows, slots, np.asarray([*ports, 0], np.int64), np.ones(1, np.int64))
        kernel.index(self.kept, held)
        self.records: Records = words.reshape(-1).view(REQUEST)

    def slots(self, ports: npt.NDArray[np.integer]) -> Int64Array:
        """The place of each port among those that are kept."""
        slots: Int64Array = self.kept.slots[ports]
        return slots

    def owners(self, rows: Int64Array) -> Int64Array:
        """The port that each row is of."""
        ports = np.empty(len(rows), np.int64)
        kernel.owners(self.kept.words, rows, ports)
        return ports

    def rows(self, ports: Int64Array, numbers: Int64Array) -> Int64Array:
        """The row of each request; a blank one where none came. -1: it is of no port that is kept, or beyond the numbers that are.

        The latter is of a configuration that was larger, and is told to nobody.
        """
        rows = np.empty(len(ports), np.int64)
        kernel.find(self.kept, ports, numbers, rows)
        return rows

    def enter(self, requests: Records, slots: Int64Array, numbers: Int64Array) -> None:
        """Put requests in, of which those of one port have numbers that rise; a replace inherits what the order that it replaces came with."""
        self._put(requests, slots, numbers)
        replaces = np.flatnonzero(requests["type"] == REPLACE)
        if not len(replaces):
            return
        originals = requests["orig_user_ref_num"].astype(np.int64)
        replaces = replaces[originals[replaces] < numbers[replaces]]
        ids, named = slots * self.room + numbers, slots * self.room + originals
        while len(replaces):
            # One that replaces another of this call comes after it. Numbers rise, so the first of them never waits.
            waits = np.isin(named[replaces], ids[replaces])
            ready, replaces = replaces[~waits], replaces[waits]
            found = self.records[self.kept.rows[slots[ready], originals[ready]]]
            self._put(inherited(requests[ready], found), slots[ready], numbers[ready])

    def _put(self, requests: Records, slots: Int64Array, numbers: Int64Array) -> None:
        words = np.ascontiguousarray(requests, REQUEST).view(np.uint64).reshape(len(requests), kernel.WORDS)
        kernel.put(self.kept, words, slots, numbers)


def _mapped(path: Path, more: int) -> tuple[npt.NDArray[np.uint64], int]:
    """The file with room for so many rows more, and how many may be in it."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        end = _end_of_data(file)
        held = -(-end // REQUEST.itemsize)
        os.ftruncate(file, (1 + held + more) * REQUEST.itemsize)
        # All that was asked before is read in one go; then nothing is read ahead: of a hole it would be megabytes of zeros, made while all wait.
        os.posix_fadvise(file, 0, end, os.POSIX_FADV_WILLNEED)
        memory = mmap.mmap(file, 0)
        memory.madvise(mmap.MADV_RANDOM)
    finally:
        os.close(file)
    return np.frombuffer(memory, np.uint64).reshape(-1, kernel.WORDS), held


def _end_of_data(file: int) -> int:
    """Where the last hole begins."""
    end = 0
    with suppress(OSError):
        # Behind the last data the system knows no more: an error ends the search.
        while True:
            end = os.lseek(file, os.lseek(file, end, os.SEEK_DATA), os.SEEK_HOLE)
    return end
