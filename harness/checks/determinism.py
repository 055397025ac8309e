"""The same commands give the same events: each further run of the flow is held against the first, block by block.

A further run leaves a digest a block of commands, over the events that answered them, in order of arrival and without
their times. The fold feeds the history's own events into one running digest a block, so a long run needs no more
memory than blocks.
"""

from __future__ import annotations

from hashlib import blake2b

from harness.base.bits import packed, timeless
from harness.base.findings import Facts, FindingLog
from harness.checks import CheckPlug
from harness.checks._repeats import Blocks, block_of
from harness.evidence.fold import RunInfo, Segment


class Determinism:
    """One running digest a block, equal to `bits.digest` over the block's events."""

    def __init__(self, run: RunInfo) -> None:
        self._blocks = Blocks(run, [mark for mark in run.repeats if not mark.relation])
        self._digests = {block: blake2b(digest_size=16) for block in self._blocks.all}

    def add(self, segment: Segment) -> None:
        for block, events in self._blocks.add(segment._replace(events=packed(timeless(segment.events)))):
            self._digests[block].update(events.tobytes())

    def facts(self) -> Facts:
        if not self._blocks.marks:
            return Facts(seen=0, unknown="the flow was run only once")
        if not self._blocks.answered:
            return Facts(seen=0, unknown="no event carries the number of its command")
        log = FindingLog("determinism")
        whole = self._blocks.whole()
        for mark in whole:
            if self._digests[block_of(mark)].hexdigest() != mark.digest:
                last = mark.first + mark.count - 1
                log.add(
                    "differs", "the same commands led to other events", command=mark.first,
                    expected=f"run {mark.repeat} answers commands {mark.first} to {last} as the first run did",
                    got="its events differ",
                )  # fmt: skip
        told = {"runs compared with the first": str(len({mark.repeat for mark in whole}))}
        return Facts(seen=sum(mark.count for mark in whole), findings=log.findings(), told=told)


CHECK = CheckPlug(
    about="The same commands give the same events again.",
    start=Determinism,
    needs=("repeats",),
    least=1_000,
)
