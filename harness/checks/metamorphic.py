"""A tape that a relation changes gets the same answers, changed back: what is right in one way is right in every way.

No model says here what is right, so no model can share a mistake with the engine: an answer is held against another answer of the same
engine. `harness/relations` holds what may be changed, such as sides and prices mirrored, or one command a call. As few commands lead to
a finding as a block of digests has; which of them it is, and how little of the tape shows it, is for `gonogo shrink` to find out.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from harness.base.findings import Facts, FindingLog
from harness.base.records import EVENT, Events
from harness.checks import CheckPlug
from harness.checks._repeats import Block, Blocks, block_of
from harness.evidence.fold import RunInfo, Segment
from harness.evidence.repeats import related_digest


class Metamorphic:
    """Keeps the events of the blocks, since only what answers one command has an order: a tape is short, as whoever changed it held all of it."""

    def __init__(self, run: RunInfo) -> None:
        marks = [mark for mark in run.repeats if mark.relation]
        self._left_out = {mark.relation: mark.why for mark in marks if mark.why}
        self._blocks = Blocks(run, [mark for mark in marks if not mark.why])
        self._events: dict[Block, list[Events]] = defaultdict(list)

    def add(self, segment: Segment) -> None:
        for block, events in self._blocks.add(segment):
            self._events[block].append(events)

    def facts(self) -> Facts:
        told = {f"the relation {name} was left out": why for name, why in self._left_out.items()}
        if not self._blocks.marks:
            return Facts(seen=0, unknown="no relation could change the commands", told=told)
        if not self._blocks.answered:
            return Facts(seen=0, unknown="no event carries the number of its command", told=told)
        log = FindingLog("metamorphic")
        whole = self._blocks.whole()
        digests = {block: self._digest(block) for block in map(block_of, whole)}
        for mark in whole:
            if digests[block_of(mark)] != mark.digest:
                last = mark.first + mark.count - 1
                log.add(
                    mark.relation, f"the same tape, changed by the relation {mark.relation}, led to other events", command=mark.first,
                    expected=f"commands {mark.first} to {last}, changed by {mark.relation}, are answered as they were before, once that is changed back",
                    got="their events differ",
                )  # fmt: skip
        told |= {"relations held": ", ".join(sorted({mark.relation for mark in whole}))}
        return Facts(seen=sum(mark.count for mark in whole), findings=log.findings(), told=told)

    def _digest(self, block: Block) -> str:
        return related_digest(np.concatenate((np.zeros(0, EVENT), *self._events[block]), dtype=EVENT))


CHECK = CheckPlug(
    about="A tape that is mirrored, moved, multiplied, reordered, cut or sent singly gets the same answers.",
    start=Metamorphic,
    needs=("relations",),
    least=1_000,
)
