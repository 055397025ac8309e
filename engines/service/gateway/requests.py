"""What the clients of all ports asked for, in the order in which it came, in one file with holes behind it, found by port and number.

Replies repeat parts of a request that are not in our commands, such as the client's own text. A request lies here before its command is
offered, so that whatever comes back, now or after a restart, finds it. It survives the death of the process, as the page cache does. What the
machine lost with its power is told with blanks: a reply is never left out, since the numbers of those behind it would shift. Rows are written
whole batches at a time and read where they are mapped: to write into a mapping costs a fault a page, in the middle of the file system's work.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engines.service.disk import write_whole
from engines.service.gateway import requests_kernel as kernel
from engines.service.gateway.ids import PORTS
from engines.service.gateway.requests_kernel import Kept
from harness.base.records import Int64Array
from harness.wire.ouch import Records
from harness.wire.ouch_layout import REQUEST
from harness.wire.ouch_requests import inherited

REPLACE, QUERY = map(ord, "UQ")
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
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        words, held = _mapped(self._file, len(ports) * self.room)
        rows_bytes = max(len(ports), 1) * self.room * np.dtype(np.int32).itemsize
        index = mmap.mmap(-1, rows_bytes, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | NO_RESERVE)
        rows = np.frombuffer(index, np.int32).reshape(-1, self.room)
        self.kept = Kept(
            words,
            rows,
            slots,
            np.asarray([*ports, 0], np.int64),
            np.ones(1, np.int64),
            np.zeros(len(ports) + 1, np.int64),
        )
        kernel.index(self.kept, held)
        self.records: Records = words.reshape(-1).view(REQUEST)

    def close(self) -> None:
        """Give the file back; what was read stays."""
        os.close(self._file)

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
        if kernel.find(self.kept, ports, numbers, rows):
            missing = np.flatnonzero(rows == kernel.MISSING)
            slots, own = self.slots(ports[missing]), numbers[missing]
            self._write(self._assigned(slots, own), _blank(own), slots)
            kernel.find(self.kept, ports, numbers, rows)
        return rows

    def enter(self, requests: Records, slots: Int64Array, numbers: Int64Array) -> None:
        """Put requests in, of which those of one port have numbers that rise; in a replace is filled in what its original came with."""
        if not len(requests):
            return
        rows = self._assigned(slots, numbers)
        if len(replaces := np.flatnonzero(requests["type"] == REPLACE)):
            self._inherit(requests, slots, numbers, replaces)
        self._write(rows, requests, slots)

    def _inherit(self, requests: Records, slots: Int64Array, numbers: Int64Array, replaces: Int64Array) -> None:
        """Fill in what replaces inherit, from what was there before or comes with them."""
        originals = requests["orig_user_ref_num"].astype(np.int64)
        replaces = replaces[originals[replaces] < numbers[replaces]]
        ids, named = slots * self.room + numbers, slots * self.room + originals
        by_id = np.argsort(ids)
        places = by_id[np.searchsorted(ids[by_id], named[replaces]) % len(ids)]
        comes_too = ids[places] == named[replaces]
        before = replaces[~comes_too]
        requests[before] = inherited(requests[before], self.records[self.kept.rows[slots[before], originals[before]]])
        # Numbers rise, so what one replaces stands before it and has inherited by then.
        for place, original in zip(replaces[comes_too].tolist(), places[comes_too].tolist(), strict=True):
            requests[place : place + 1] = inherited(requests[place : place + 1], requests[original : original + 1])

    def _assigned(self, slots: Int64Array, numbers: Int64Array) -> Int64Array:
        rows = np.empty(len(slots), np.int64)
        kernel.assign(self.kept, slots, numbers, rows)
        return rows

    def _write(self, rows: Int64Array, requests: Records, slots: Int64Array) -> None:
        """Hand the rows to the operating system, which is what the mapping shows then."""
        words = np.ascontiguousarray(requests, REQUEST).view(np.uint64).reshape(len(requests), kernel.WORDS)
        kernel.stamp(words, self.kept.ports[slots])
        edges = [0, *(np.flatnonzero(np.diff(rows) != 1) + 1).tolist(), len(rows)]
        for first, behind in pairwise(edges):
            write_whole(self._file, words[first:behind].data, int(rows[first]) * REQUEST.itemsize)


def _blank(numbers: Int64Array) -> Records:
    """What stands for requests that were never seen; one that needs no number is a query."""
    blank = np.zeros(len(numbers), REQUEST)
    blank["user_ref_num"] = numbers
    blank["type"][numbers == 0] = QUERY
    return blank


def _mapped(file: int, more: int) -> tuple[npt.NDArray[np.uint64], int]:
    """The file to be read, with room for so many rows more, and how many may be in it."""
    end = _end_of_data(file)
    held = -(-end // REQUEST.itemsize)
    os.ftruncate(file, (1 + held + more) * REQUEST.itemsize)
    # All that was asked before is read in one go; then nothing is read ahead: of a hole it would be megabytes of zeros, made while all wait.
    os.posix_fadvise(file, 0, end, os.POSIX_FADV_WILLNEED)
    memory = mmap.mmap(file, 0, prot=mmap.PROT_READ)
    memory.madvise(mmap.MADV_RANDOM)
    return np.frombuffer(memory, np.uint64).reshape(-1, kernel.WORDS), held


def _end_of_data(file: int) -> int:
    """Where the last hole begins."""
    end = 0
    with suppress(OSError):
        # Behind the last data the system knows no more: an error ends the search.
        while True:
            end = os.lseek(file, os.lseek(file, end, os.SEEK_DATA), os.SEEK_HOLE)
    return end
