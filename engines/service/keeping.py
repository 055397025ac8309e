"""Snapshots of an engine that works: taken between two batches, stored on a thread of their own.

The thread that writes copies the engine's state, which is all that it does for it. The copy waits until the trail has told of all that it holds;
then journal and trail are made durable that far, the copy is stored, and segments that it covers are put away. So a snapshot on the disk always
is of what is durable, and whoever commits never waits for one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple, Protocol

from engines.service.disk import Disk
from engines.service.errors import StorageError
from engines.service.imaging import Words
from engines.service.old_segments import OldSegments, put_away
from engines.service.snapshots import KEPT, Snapshot, store


class Engine(Protocol):
    """What is kept."""

    @property
    def engine_seq(self) -> int:
        """Of its last event."""
        ...

    def copy(self) -> Callable[[], Words]:
        """All that it holds now, which any thread may have made words of later."""
        ...


class Journal(Protocol):
    """What must be durable before a snapshot is."""

    @property
    def durable(self) -> int:
        """The number of the last command that is on the disk."""
        ...

    def sync(self) -> None:
        """Make durable what was appended. Raises OSError."""
        ...


class Trail(Protocol):
    """Likewise: recovery tells no event again that lies before a snapshot."""

    def sync(self) -> None:
        """Make durable what was appended. Raises OSError."""
        ...


class _Copy(NamedTuple):
    """The engine after a command, not yet in words."""

    sequence: int
    engine_seq: int
    words: Callable[[], Words]


@dataclass(frozen=True, slots=True)
class Places:
    """Where snapshots go, and the segments that they cover."""

    disk: Disk
    snapshots: Path
    journal: Path
    identity: bytes


@dataclass(frozen=True, slots=True)
class Keeping:
    """How often, and what of the old is left."""

    every: int
    """Commands; 0: not while the engine works."""
    snapshots: int = KEPT
    old_segments: OldSegments = "keep"


@dataclass(slots=True)
class KeptCounts:
    """Since the start."""

    stored: int = 0
    failed: int = 0
    last: int = 0
    """The command of the newest that is stored."""
    copied_ns: int = 0
    """The longest time that the writing thread spent on one."""


class Keeper:
    """Takes and stores them."""

    def __init__(
        self, engine: Engine, journal: Journal, trail: Trail, places: Places, keeping: Keeping, *, last: int,
        stored: Callable[[Snapshot, int], None], failed: Callable[[StorageError], None],
    ) -> None:  # fmt: skip
        """`last` is the command of the newest snapshot there is; `stored` hears of each further one, and how many segments were put away."""
        self.counts = KeptCounts(last=last)
        self.failure: Exception | None = None
        """What its thread died of. That a disk would not take a snapshot is none."""
        self._engine, self._journal, self._trail = engine, journal, trail
        self._places, self._keeping = places, keeping
        self._stored, self._failed = stored, failed
        self._last = last
        self._copy: _Copy | None = None
        """Waits for the trail. The writing thread's own."""
        self._ripe: SimpleQueue[_Copy | None] = SimpleQueue()
        self._is_storing = False
        """Set by the writing thread, taken back by the one that stores."""
        self._thread = threading.Thread(target=self._guarded, name="gonogo-keeper", daemon=True)

    def start(self) -> None:
        """Be ready to store."""
        self._thread.start()

    def look(self, carried_out: int, trailed: int) -> None:
        """Take a snapshot if it is time to, or have it stored if it may be. From the writing thread, between two batches.

        `carried_out` is the engine's last command, `trailed` the last one whose events the trail holds.
        """
        copy = self._copy
        if copy is None:
            every = self._keeping.every
            if every and carried_out - self._last >= every and not self._is_storing:
                self._copy = self._taken(carried_out)
        elif trailed >= copy.sequence:
            self._is_storing, self._copy = True, None
            self._ripe.put(copy)

    def close(self) -> None:
        """Store no more; what is being stored is."""
        self._ripe.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def keep(self, number: int) -> None:
        """Store what the engine holds after its last command, once nothing else works on it and `close` was called."""
        if number > self.counts.last:
            self._try_to_store(self._taken(number))

    def _taken(self, number: int) -> _Copy:
        began_ns = time.monotonic_ns()
        copy = _Copy(number, self._engine.engine_seq, self._engine.copy())
        self._last = number
        self.counts.copied_ns = max(self.counts.copied_ns, time.monotonic_ns() - began_ns)
        return copy

    # The thread that stores.

    def _guarded(self) -> None:
        try:
            self._run()
        except Exception as error:
            # Whatever it is: a service that goes on without it would have no snapshots, and nobody would know.
            self.failure = error

    def _run(self) -> None:
        while (copy := self._ripe.get()) is not None:
            self._try_to_store(copy)
            self._is_storing = False

    def _try_to_store(self, copy: _Copy) -> None:
        """A disk that takes no snapshot loses nothing: the journal holds all."""
        try:
            self._store(Snapshot(copy.sequence, copy.engine_seq, copy.words()))
        except StorageError as error:
            self.counts.failed += 1
            self._failed(error)

    def _store(self, snapshot: Snapshot) -> None:
        if self._journal.durable < snapshot.sequence:
            self._journal.sync()
        self._trail.sync()
        places = self._places
        store(places.disk, places.snapshots, places.identity, snapshot, self._keeping.snapshots)
        self.counts.stored += 1
        self.counts.last = snapshot.sequence
        gone = put_away(places.disk, places.journal, places.snapshots, places.identity, self._keeping.old_segments)
        self._stored(snapshot, gone)
