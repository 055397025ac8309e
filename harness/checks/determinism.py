"""The same commands give the same events: each further run of the flow is held against the first, block by block.

A further run leaves a digest a block of commands, over the events that answered them, in order of arrival and without
their times. The fold feeds the history's own events into one running digest a block, so a long run needs no more
memory than blocks.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np

from harness.base.bits import packed, timeless
from harness.base.findings import Facts, FindingLog
from harness.checks import CheckPlug
from harness.evidence.fold import RepeatMark, RunInfo, Segment


class Determinism:
    """One running digest a block, equal to `bits.digest` over the block's events."""

    def __init__(self, run: RunInfo) -> None:
        self._run = run
        self._marks = sorted(run.repeats, key=lambda mark: (mark.first, mark.repeat))
        self._blocks = sorted({_block(mark) for mark in self._marks})
        self._digests = {block: blake2b(digest_size=16) for block in self._blocks}
        self._first = np.array([first for first, _ in self._blocks], np.uint64)
        self._end = np.array([first + count for first, count in self._blocks], np.uint64)
        self._sent = 0
        self._answered = 0

    def add(self, segment: Segment) -> None:
        if len(segment.commands):
            self._sent = int(segment.commands["number"][-1])
        if not len(segment.events) or not self._blocks:
            return
        # Sorted by command to find a block's events, then by place again: a digest is over the order of arrival.
        numbers = segment.events["command"]
        self._answered = max(self._answered, int(numbers.max()))
        events = packed(timeless(segment.events))
        order = np.argsort(numbers, kind="stable")
        starts = np.searchsorted(numbers[order], self._first).tolist()
        ends = np.searchsorted(numbers[order], self._end).tolist()
        for block, start, end in zip(self._blocks, starts, ends, strict=True):
            if start < end:
                self._digests[block].update(events[np.sort(order[start:end])].tobytes())

    def facts(self) -> Facts:
        if not self._marks:
            return Facts(seen=0, unknown="the flow was run only once")
        if not self._answered:
            return Facts(seen=0, unknown="no event carries the number of its command")
        log = FindingLog("determinism")
        whole = [mark for mark in self._marks if self._is_whole(mark)]
        for mark in whole:
            if self._digests[_block(mark)].hexdigest() != mark.digest:
                last = mark.first + mark.count - 1
                log.add(
                    "differs", "the same commands led to other events", command=mark.first,
                    expected=f"run {mark.repeat} answers commands {mark.first} to {last} as the first run did",
                    got="its events differ",
                )  # fmt: skip
        told = {"runs compared with the first": str(len({mark.repeat for mark in whole}))}
        return Facts(seen=sum(mark.count for mark in whole), findings=log.findings(), told=told)

    def _is_whole(self, mark: RepeatMark) -> bool:
        """Whether the history holds the block to its end; where the run was cut short, its last block may be torn."""
        last = mark.first + mark.count - 1
        return last < self._answered if self._run.cut_short else last <= self._sent


def _block(mark: RepeatMark) -> tuple[int, int]:
    return mark.first, mark.count


CHECK = CheckPlug(
    about="The same commands give the same events again.",
    start=Determinism,
    needs=("repeats",),
    least=1_000,
)
