"""What the checks share that compare runs: which blocks the further runs left a digest of, and the history's own events in each.

This is no plug and no rule: what makes two answers alike is for each check to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np

from harness.base.records import Events
from harness.evidence.fold import RepeatMark, RunInfo, Segment

Block: TypeAlias = tuple[int, int]
"""The number of its first command, and how many it has."""


class Blocks:
    """Gives out the events of a history block by block."""

    def __init__(self, run: RunInfo, marks: Sequence[RepeatMark]) -> None:
        self.marks = sorted(marks, key=lambda mark: (mark.first, mark.relation, mark.repeat))
        self.all = sorted({block_of(mark) for mark in self.marks})
        self._run = run
        self._first = np.array([first for first, _ in self.all], np.uint64)
        self._end = np.array([first + count for first, count in self.all], np.uint64)
        self._sent = 0
        self.answered = 0
        """The greatest number of a command that some event answers."""

    def add(self, segment: Segment) -> Iterator[tuple[Block, Events]]:
        """The segment's events of each block, in order of arrival."""
        if len(segment.commands):
            self._sent = int(segment.commands["number"][-1])
        if not len(segment.events) or not self.all:
            return
        # Sorted by command to find a block's events, then by place again.
        numbers = segment.events["command"]
        self.answered = max(self.answered, int(numbers.max()))
        order = np.argsort(numbers, kind="stable")
        starts = np.searchsorted(numbers[order], self._first).tolist()
        ends = np.searchsorted(numbers[order], self._end).tolist()
        for block, start, end in zip(self.all, starts, ends, strict=True):
            if start < end:
                yield block, segment.events[np.sort(order[start:end])]

    def whole(self) -> list[RepeatMark]:
        """The marks whose block the history holds to its end; where the run was cut short, its last block may be torn."""
        return [mark for mark in self.marks if self._is_whole(mark)]

    def _is_whole(self, mark: RepeatMark) -> bool:
        last = mark.first + mark.count - 1
        return last < self.answered if self._run.cut_short else last <= self._sent


def block_of(mark: RepeatMark) -> Block:
    """The commands that the mark is about."""
    return mark.first, mark.count
