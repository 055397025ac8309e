"""Writes segments in a thread of its own, so that whoever drives an engine only copies records and goes on.

The thread spends its time in writes and hashes of large buffers, which hold no interpreter lock. A `Stretch` is what travels: the
journal fills it, the scribe writes it down and lays it back on the pile. There are only so many, so memory is bounded; where the
disk is slower than the drive, the pile runs empty and the drive waits.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from queue import LifoQueue, SimpleQueue
from threading import Thread

import numpy as np

from harness.base.records import COMMAND, EVENT, RECORD_BYTES
from harness.evidence import spare
from harness.evidence.index import IndexLine, append_lines, weight_bytes
from harness.evidence.room import FULL
from harness.evidence.segment import Kind, Records, Sealed, SegmentWriter

ROOM = 1 << 14
"""Records of each kind that a stretch holds: 1.8 MB, so that a write or a hash is long beside the cost of asking for it."""
STRETCHES = 16
"""Stretches there are: 59 MB if all were full; the pile gives the one last used, so that few are ever touched."""
WORDS = RECORD_BYTES // 8
LOOK_S = 0.005
"""How often the disk is looked at while it holds what it may."""


class Page:
    """Records of one kind, copied whole: whoever gave them may use their memory again."""

    def __init__(self, dtype: np.dtype[np.void]) -> None:
        self._records = np.empty(ROOM, dtype)
        # Copied as words: numpy copies records field by field, which takes ten times as long.
        self._words = self._records.view(np.uint64).reshape(-1, WORDS)
        self.count = 0

    @property
    def records(self) -> Records:
        """What was taken so far; the memory is the page's own."""
        return self._records[: self.count]

    def take(self, records: Records) -> int:
        """Copy as many of the records as there is room for, and tell how many."""
        taken = min(len(records), ROOM - self.count)
        here = slice(self.count, self.count + taken)
        if records.dtype == self._records.dtype:
            self._words[here] = np.ascontiguousarray(records[:taken]).view(np.uint64).reshape(-1, WORDS)
        else:
            # numpy drops the padding of records that it joins.
            self._records[here] = records[:taken]
        self.count += taken
        return taken


class Stretch:
    """Commands and the events that came meanwhile; `ends` where a segment ends with it."""

    def __init__(self) -> None:
        self.commands = Page(COMMAND)
        self.events = Page(EVENT)
        self.ends = False

    def clear(self) -> None:
        """Make it blank again."""
        self.commands.count = self.events.count = 0
        self.ends = False


class Scribe:
    """The thread and its pile of stretches."""

    def __init__(self, history: Path, limit_bytes: int, followed: Callable[[], bool] | None) -> None:
        self._history = history
        self._limit_bytes = limit_bytes
        self._followed = followed
        self._sealed = self._commands_count = self._events_count = 0
        self.freed_bytes = 0
        """What a live judge has dropped so far, as seen when the last segment was sealed."""
        self._error: Exception | None = None
        self._told = False
        self._index = (history / "index.jsonl").open("ab", buffering=0)
        self._pair: tuple[SegmentWriter, SegmentWriter] | None = self._opened()
        self._filled: SimpleQueue[Stretch | None] = SimpleQueue()
        self._blank: LifoQueue[Stretch] = LifoQueue()
        for _ in range(STRETCHES):
            self._blank.put(Stretch())
        # A daemon: a caller that dies without `close` must not be kept from ending.
        self._thread = Thread(target=self._work, name="scribe", daemon=True)
        self._thread.start()

    def blank(self) -> Stretch:
        """A stretch to fill; waits while all are under way.

        Raises:
            OSError: what was given before could not be written, and nothing is any more.
        """
        if self._error is not None:
            self._told = True
            raise self._error
        return self._blank.get()

    def write(self, stretch: Stretch) -> None:
        """Hand a filled stretch over; it is no longer the caller's."""
        self._filled.put(stretch)

    def close(self) -> None:
        """Write what was handed over and end the thread.

        Raises:
            OSError: as above, unless it was told already.
        """
        self._filled.put(None)
        self._thread.join()
        self._index.close()
        for writer in self._pair or ():
            writer.abandon()
        if self._error is not None and not self._told:
            raise self._error

    def _work(self) -> None:
        while (stretch := self._filled.get()) is not None:
            if self._error is None:
                try:
                    self._put_down(stretch)
                except Exception as error:  # it belongs to whoever drives, who is told at the next stretch
                    self._error = error
            stretch.clear()
            self._blank.put(stretch)

    def _put_down(self, stretch: Stretch) -> None:
        self._pair = commands, events = self._pair or self._opened()
        # Commands first: should gonogo die in between, no event is on disk before the command that it answers.
        commands.append(stretch.commands.records)
        events.append(stretch.events.records)
        self._commands_count += stretch.commands.count
        self._events_count += stretch.events.count
        if stretch.ends:
            append_lines(self._index, _line(commands.seal()), _line(events.seal()))
            self._sealed += 1
            self._pair = None
            self._wait_for_room()

    def _opened(self) -> tuple[SegmentWriter, SegmentWriter]:
        return self._writer("commands", self._commands_count + 1), self._writer("events", self._events_count + 1)

    def _writer(self, kind: Kind, first: int) -> SegmentWriter:
        path = self._history / f"{self._sealed + 1:06d}.{kind}"
        return SegmentWriter(path, kind, first, over=spare.fitting(path))

    def _wait_for_room(self) -> None:
        """Where a live judge makes room, wait for it rather than go beyond the bound."""
        if self._followed is None:
            return
        while (weight := weight_bytes(self._history)) >= FULL * self._limit_bytes and self._followed():
            time.sleep(LOOK_S)
        self.freed_bytes = (self._commands_count + self._events_count) * RECORD_BYTES - weight


def _line(sealed: Sealed) -> IndexLine:
    return IndexLine(file=sealed.path.name, first=sealed.first, count=sealed.count, blake2b=sealed.blake2b)
