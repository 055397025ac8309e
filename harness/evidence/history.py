"""Reads the history of one scenario: pairs of segments, each the one that the index tells, and what was dropped of them.

A bounded history loses commands first, which the flow's seed gives again, and then events, which nothing gives again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np

from harness.base.bits import digest, timeless
from harness.base.errors import EvidenceError
from harness.base.records import COMMAND, EVENT, Commands, Events
from harness.evidence.ahead import ahead
from harness.evidence.fold import Segment
from harness.evidence.index import IndexLine, read_index
from harness.evidence.segment import Records, read_segment

Gone: TypeAlias = Literal["nothing", "commands", "events"]
"""What was dropped: events only once commands were."""
Redraw: TypeAlias = Callable[[int, int], Commands]
"""(first, count) -> the commands of these numbers, drawn again from the seed; asked in rising order."""


class NotDrawnAgainError(EvidenceError):
    """Commands were dropped, and the seed does not give them again: nothing was changed, but only stored facts can tell."""


class History:
    """The folder `history` of one scenario, with its index as it is now.

    `fresh` is for who has just written it himself: the checksum of each segment is enough then, and the hashes of the index, which
    show what somebody changed since, are not worked out again.
    """

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        self._folder = folder
        self._fresh = fresh
        self._index = read_index(folder)

    @property
    def gone(self) -> Gone:
        """What was dropped of it."""
        dropped = {line.file.rpartition(".")[2] for line in self._index.values() if not line.kept}
        return "events" if "events" in dropped else "commands" if dropped else "nothing"

    def segments(self, redraw: Redraw | None = None) -> Iterator[Segment]:
        """Every pair in order, `.part` tails included; the next one is read while one is looked at.

        Raises:
            EvidenceError: a segment is missing, cut, changed, not the one that the index tells, or dropped and not drawn again.
        """
        return ahead(self._in_turn(redraw))

    def _in_turn(self, redraw: Redraw | None) -> Iterator[Segment]:
        events = 1
        for number, commands in enumerate(self.commands(redraw), 1):
            segment = Segment(commands, self._read(number, "events", events))
            events += len(segment.events)
            yield segment

    def commands(self, redraw: Redraw | None = None) -> Iterator[Commands]:
        """The commands of every pair in order.

        Raises:
            EvidenceError: as above.
        """
        first = 1
        for number in range(1, self._pairs() + 1):
            line = self._index.get(f"{number:06d}.commands")
            if line is None or line.kept or redraw is None:
                commands = self._read(number, "commands", first)
            else:
                commands = _checked(redraw(line.first, line.count), line)
            first += len(commands)
            yield commands

    def events(self) -> Iterator[Events]:
        """The events of every pair in order, of a history of which nothing was dropped.

        Raises:
            EvidenceError: as above.
        """
        first = 1
        for number in range(1, self._pairs() + 1):
            events = self._read(number, "events", first)
            first += len(events)
            yield events

    def kept(self) -> Iterator[Segment]:
        """The pairs that are there whole, in order.

        Raises:
            EvidenceError: as above.
        """
        for number in range(1, self._pairs() + 1):
            pair = [self._index.get(f"{number:06d}.{kind}") for kind in ("commands", "events")]
            if all(line is None or line.kept for line in pair):
                commands, events = (line.first if line else 0 for line in pair)
                yield Segment(self._read(number, "commands", commands), self._read(number, "events", events))

    def _pairs(self) -> int:
        """How many pairs there must be: those that the index tells, and the one left as `.part`."""
        names = [*self._index, *(path.name for path in self._folder.glob("[0-9]*.*"))]
        return max((int(name.split(".")[0]) for name in names), default=0)

    def _read(self, number: int, kind: Literal["commands", "events"], first: int) -> Records:
        """One segment, which must be the one that the index tells and go on where the one before ended."""
        sealed = self._folder / f"{number:06d}.{kind}"
        part = sealed.with_name(sealed.name + ".part")
        if part.is_file() and not sealed.is_file():
            # A run that died before its first flush leaves an empty file.
            return read_segment(part) if part.stat().st_size else np.zeros(0, COMMAND if kind == "commands" else EVENT)
        line = self._index.get(sealed.name)
        if line is not None and not line.kept:
            raise EvidenceError(f"{sealed} was dropped, so that the history stays within its bound")
        return read_sealed(sealed, line, first, fresh=self._fresh)


def read_sealed(sealed: Path, line: IndexLine | None, first: int, *, fresh: bool = False) -> Records:
    """A sealed segment that must begin with the record `first`; `fresh` as for a `History`.

    Raises:
        EvidenceError: it is not the one of the index's line.
    """
    records = read_segment(sealed)
    if line is None or (line.first, line.count) != (first, len(records)):
        raise EvidenceError(
            f"{sealed} does not stand in the index as {len(records):,} records from number {first:,} on"
        )
    if not fresh and blake2b(records.view(np.uint8).data, digest_size=32).hexdigest() != line.blake2b:
        raise EvidenceError(f"{sealed} was changed: its hash is not the one in the index")
    return records


def _checked(commands: Commands, line: IndexLine) -> Commands:
    if len(commands) != line.count or digest(timeless(commands)) != line.timeless:
        raise NotDrawnAgainError(
            f"the seed does not give the commands of {line.file} again: the flow is another one now"
        )
    return commands
