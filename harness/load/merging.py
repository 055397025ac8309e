"""One history out of those of several senders, each of which numbered its own commands from 1, and of what a drop copy told meanwhile.

A sender says which number each of its commands has in the whole; by those the commands are put in order, and events by the time at which they
came. An event never stands before a command that was sent before it, also where their stamps are of two machines whose clocks differ by the margin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harness.base.bits import joined
from harness.base.records import COMMAND, EVENT, Commands, Events, Int64Array
from harness.evidence.fold import Segment
from harness.evidence.history import History
from harness.evidence.journal import Journal

STRETCH = 1 << 14
"""Numbers of the whole that are merged in one go."""
LAST = 2**62


class Source(NamedTuple):
    """What one sender left, or what a drop copy told."""

    folder: Path
    """Of what it left."""
    numbers: Int64Array | None
    """The number in the whole of each of its commands; None: it sent none, and whose its events are is not known by numbers."""
    of_whole: Callable[[Events], Events]
    """Its events as they are told in the whole."""


def merge(sources: Sequence[Source], out: Journal, count: Callable[[Commands], None], margin_ns: int = 0) -> None:
    """Write the whole, and have the commands of each stretch counted. Stamps of two sources may differ by the margin.

    Raises:
        EvidenceError: a history is damaged.
        OSError: the whole could not be written.
    """
    readers = [_Reader(source) for source in sources]
    upto = 0
    while any(reader.has_more() for reader in readers):
        upto += STRETCH
        commands = joined([reader.commands(upto) for reader in readers], COMMAND)
        if len(commands):
            out.commands(commands[np.argsort(commands["number"], kind="stable")])
            count(commands)
        # Of two machines, a copy may seem to have come before what it is a copy of was sent.
        before_ns = min(reader.next_sent_ns() for reader in readers) - margin_ns
        events = joined([reader.events(upto, before_ns) for reader in readers], EVENT)
        if len(events):
            out.events(events[np.argsort(events["received_ns"], kind="stable")])


class _Reader:
    """One history, read as far as it is needed, in the numbers of the whole."""

    def __init__(self, source: Source) -> None:
        segments = History(source.folder / "history", fresh=True).segments()
        self._segments = segments if source.numbers is not None else _pieces(segments)
        self._numbers = None if source.numbers is None else np.concatenate(([0], source.numbers)).astype(np.uint64)
        self._of_whole = source.of_whole
        self._commands: Commands = np.zeros(0, COMMAND)
        self._events: Events = np.zeros(0, EVENT)
        self._is_read = False
        self._read()

    def has_more(self) -> bool:
        """Whether anything was not handed out yet."""
        return bool(len(self._commands) or len(self._events) or not self._is_read)

    def commands(self, upto: int) -> Commands:
        """The next ones, up to this number."""
        while (
            self._numbers is not None
            and not self._is_read
            and (not len(self._commands) or self._commands["number"][-1] <= upto)
        ):
            self._read()
        count = int(np.searchsorted(self._commands["number"], np.uint64(upto), side="right"))
        given, self._commands = self._commands[:count], self._commands[count:]
        return given

    def next_sent_ns(self) -> int:
        """When the next command was sent that is not handed out."""
        return int(self._commands["sent_ns"][0]) if len(self._commands) else LAST

    def events(self, upto: int, before_ns: int) -> Events:
        """The next ones, as far as they came before a time and their commands are up to this number."""
        given: list[Events] = []
        while True:
            held = self._events["received_ns"] >= before_ns
            if self._numbers is not None:
                held |= self._events["command"] > np.uint64(upto)
            count = int(held.argmax()) if held.any() else len(self._events)
            given.append(self._events[:count])
            self._events = self._events[count:]
            if self._numbers is not None or self._is_read or len(self._events):
                return joined(given, EVENT)
            self._read()

    def _read(self) -> None:
        segment = next(self._segments, None)
        if segment is None:
            self._is_read = True
            return
        commands, events = segment.commands.copy(), self._of_whole(segment.events.copy())
        if self._numbers is not None:
            commands["number"], events["command"] = self._whole(commands["number"]), self._whole(events["command"])
        self._commands = joined((self._commands, commands), COMMAND)
        self._events = joined((self._events, events), EVENT)

    def _whole(self, numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
        """What these numbers are in the whole; 0 stays nobody's."""
        if self._numbers is None:
            return numbers
        found: npt.NDArray[np.uint64] = self._numbers[numbers.astype(np.int64)]
        return found


def _pieces(segments: Iterator[Segment]) -> Iterator[Segment]:
    """Where nobody sent commands, nothing ended a segment: it may be as long as the whole, and is looked at a stretch at a time."""
    for segment in segments:
        for first in range(0, len(segment.events), STRETCH):
            yield Segment(segment.commands[:0], segment.events[first : first + STRETCH])
