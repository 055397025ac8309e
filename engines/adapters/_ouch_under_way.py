"""Requests that were sent and are not answered, in their order: bytes and where each ends, since a block of them costs no more than one."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import numpy as np

from harness.base.records import Int64Array
from harness.wire.soup_kernel import Bytes


class Block(NamedTuple):
    """Requests that were sent together."""

    raw: Bytes
    ends: Int64Array
    numbers: Int64Array


class UnderWay:
    """Keeps the newest, at most so many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._blocks: deque[Block] = deque()
        self._gone = 0
        """How many of the first block are answered."""
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, raw: Bytes, ends: Int64Array, numbers: Int64Array) -> None:
        """They are sent; the numbers are their commands'."""
        self._blocks.append(Block(raw, ends, numbers))
        self._count += len(ends)
        self.drop(self._count - self._most)

    def drop(self, count: int) -> None:
        """The oldest so many are answered; all, if there are no more."""
        left = min(max(count, 0), self._count)
        self._count -= left
        while left:
            here = len(self._blocks[0].ends) - self._gone
            if left < here:
                self._gone += left
                return
            left -= here
            self._gone = 0
            self._blocks.popleft()

    def clear(self) -> None:
        """None of them is waited for."""
        self.drop(self._count)

    def raw(self) -> bytes:
        """All of them, to be sent again."""
        begun = int(self._blocks[0].ends[self._gone - 1]) if self._gone else 0
        return b"".join(bytes(block.raw) for block in self._blocks)[begun:]

    def numbers(self) -> Int64Array:
        """Whose these are."""
        return np.concatenate([np.zeros(0, np.int64), *(block.numbers for block in self._blocks)])[self._gone :]
