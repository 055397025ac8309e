"""What the clients of a port asked for, by their own numbers, in a file that is as long as the numbers that may be used, with holes.

Replies repeat parts of a request that are not in our commands, such as the client's own text. A request lies here before its command is
offered, so that whatever comes back, now or after a restart, finds it. It survives the death of the process, as the page cache does.
"""

from __future__ import annotations

import mmap
import os
from pathlib import Path

import numpy as np
import numpy.typing as npt

from harness.base.records import Int64Array
from harness.wire.ouch import Records
from harness.wire.ouch_layout import REQUEST
from harness.wire.ouch_requests import inherited

REPLACE, QUERY = map(ord, "UQ")
WORDS = REQUEST.itemsize // 8


class Requests:
    """A record for each number from 1 on, of type 0 where none came. Row 0 stands for requests without a number."""

    def __init__(self, path: Path, numbers: int) -> None:
        """The file, made if it is not there."""
        self.room = numbers + 1
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.ftruncate(file, max(self.room * REQUEST.itemsize, os.fstat(file).st_size))
            held = mmap.mmap(file, self.room * REQUEST.itemsize)
        finally:
            os.close(file)
        self._words: npt.NDArray[np.uint64] = np.frombuffer(held, np.uint64).reshape(self.room, WORDS)
        self.records: Records = self._words.reshape(-1).view(REQUEST)
        self.records["type"][0] = QUERY

    def enter(self, requests: Records, numbers: Int64Array) -> None:
        """Put requests in, whose numbers rise; a replace inherits what the order that it replaces was entered with."""
        self._put(requests, numbers)
        replaces = np.flatnonzero(requests["type"] == REPLACE)
        if not len(replaces):
            return
        originals = requests["orig_user_ref_num"].astype(np.int64)
        replaces = replaces[originals[replaces] < numbers[replaces]]
        while len(replaces):
            # One that replaces another of this call comes after it. Numbers rise, so the first of them never waits.
            waits = np.isin(originals[replaces], numbers[replaces])
            ready, replaces = replaces[~waits], replaces[waits]
            self._put(inherited(requests[ready], self.records[originals[ready]]), numbers[ready])

    def _put(self, requests: Records, numbers: Int64Array) -> None:
        self._words[numbers] = np.ascontiguousarray(requests, REQUEST).view(np.uint64).reshape(len(requests), WORDS)
