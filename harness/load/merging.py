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

from harness.base.bits import copied, joined
from harness.base.records import COMMAND, EVENT, Commands, Events, Int64Array
from harness.evidence.history import History
from harness.evidence.journal import Journal
from harness.load.crew import LoadError

STRETCH = 1 << 14
"""Numbers of the whole that are merged in one go."""
MOST = 4 * STRETCH
"""Events of one source that are held at once, but for those that came together."""
LAST = 2**62
"""Numbers and times lie below."""


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
        LoadError: a number or a time is beyond all that can be.
        OSError: the whole could not be written.
    """
    readers = [_Reader(source) for source in sources]
    upto = 0
    while any(reader.has_more() for reader in readers):
        # Numbers that nobody sent are passed over, however many.
        next_number = min(reader.next_number() for reader in readers)
        upto = max(upto, next_number - 1) + STRETCH
        commands = joined([reader.commands(upto) for reader in readers], COMMAND)
        if len(commands):
            out.commands(commands[np.argsort(commands["number"], kind="stable")])
            count(commands)
        # Of two machines, a copy may seem to have come before what it is a copy of was sent.
        before_ns = min(reader.next_sent_ns() for reader in readers) - margin_ns
        given = len(commands)
        for events in _told(readers, upto, before_ns):
            out.events(events)
            given += len(events)
        if not given and next_number >= LAST and any(reader.has_more() for reader in readers):
            raise LoadError("what workers left or a drop copy told is beyond merging: it came later than anything can")


def _told(readers: Sequence[_Reader], upto: int, before_ns: int) -> Iterator[Events]:
    """What came before a time and is of commands up to this number, in the order in which it came, a part at a time: an engine may be far behind."""
    given = -1
    while given:
        part_ns = min(reader.holds(before_ns) for reader in readers)
        events = joined([reader.events(upto, part_ns) for reader in readers], EVENT)
        given = len(events)
        if given:
            yield events[np.argsort(events["received_ns"], kind="stable")]


class _Reader:
    """One history, its commands and its events each read as far as they are needed, in the numbers of the whole."""

    def __init__(self, source: Source) -> None:
        history = History(source.folder / "history", fresh=True)
        self._numbers = None if source.numbers is None else np.concatenate(([0], source.numbers)).astype(np.uint64)
        self._of_whole = source.of_whole
        self._more_commands = history.commands()
        self._more_events = _pieces(history.events())
        self._commands: Commands = np.zeros(0, COMMAND)
        self._events: Events = np.zeros(0, EVENT)
        self._has_commands = self._numbers is not None
        """Whether there may be some that are not read."""
        self._has_events = True
        self._read_commands()
        self._read_events()

    def has_more(self) -> bool:
        """Whether anything was not handed out yet."""
        return bool(len(self._commands) or len(self._events) or self._has_commands or self._has_events)

    def commands(self, upto: int) -> Commands:
        """The next ones, up to this number."""
        while self._has_commands and (not len(self._commands) or self._commands["number"][-1] <= upto):
            self._read_commands()
        count = int(np.searchsorted(self._commands["number"], np.uint64(upto), side="right"))
        given, self._commands = self._commands[:count], self._commands[count:]
        return given

    def next_number(self) -> int:
        """No command that is not handed out has a lower one."""
        if len(self._commands):
            return min(int(self._commands["number"][0]), LAST)
        return 0 if self._has_commands else LAST

    def next_sent_ns(self) -> int:
        """No command that is not handed out was sent before. One of another account may have gone out sooner than the next, but none before it was due."""
        if not len(self._commands):
            return LAST
        sent_ns = int(self._commands["sent_ns"].min())
        return min(sent_ns, int(self._commands["due_ns"][-1])) if self._has_commands else sent_ns

    def holds(self, before_ns: int) -> int:
        """Read on, to all that came before a time, or to as much as is held at once: then the time up to which that is."""
        while self._has_events and len(self._events) < MOST and not self._came_by(before_ns):
            self._read_events()
        return (
            min(before_ns, int(self._events["received_ns"][:MOST].max()) + 1)
            if len(self._events) >= MOST
            else before_ns
        )

    def events(self, upto: int, before_ns: int) -> Events:
        """The next ones of those that are held, as far as they came before a time and their commands are up to this number."""
        held = self._events["received_ns"] >= before_ns
        if self._numbers is not None:
            held |= self._events["command"] > np.uint64(upto)
        count = int(held.argmax()) if held.any() else len(self._events)
        given, self._events = self._events[:count], self._events[count:]
        return given

    def _came_by(self, time_ns: int) -> bool:
        """Whether the last that is held came then or later."""
        return bool(len(self._events) and self._events["received_ns"][-1] >= time_ns)

    def _read_commands(self) -> None:
        commands = next(self._more_commands, None) if self._has_commands else None
        self._has_commands = commands is not None
        if commands is not None:
            commands = copied(commands)
            commands["number"] = self._whole(commands["number"])
            self._commands = joined((self._commands, commands), COMMAND)

    def _read_events(self) -> None:
        events = next(self._more_events, None)
        self._has_events = events is not None
        if events is not None:
            events = self._of_whole(copied(events))
            if self._numbers is not None:
                events["command"] = self._whole(events["command"])
            self._events = joined((self._events, events), EVENT)

    def _whole(self, numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
        """What these numbers are in the whole; 0 stays nobody's."""
        if self._numbers is None:
            return numbers
        found: npt.NDArray[np.uint64] = self._numbers[numbers.astype(np.int64)]
        return found


def _pieces(segments: Iterator[Events]) -> Iterator[Events]:
    """The events of each segment a stretch at a time: few commands may have many."""
    for events in segments:
        for first in range(0, len(events), STRETCH):
            yield events[first : first + STRETCH]
