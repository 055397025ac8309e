"""The write-ahead journal: every command is durable before anybody is told what became of it.

Commands are appended as they come; a commit writes all that came since the last one and syncs once. How often it syncs is the policy:

| policy | syncs | what may be answered | what is lost when the machine goes down |
|---|---|---|---|
| `batch` | at each commit | what is durable | nothing that was answered |
| `interval` | at a commit, if the last sync is longer ago than the interval | what is durable | nothing that was answered |
| `none` | when a segment is full, or when asked to | what is written | what was answered since |

The death of the process alone loses nothing that was committed, under any policy.

After an error of the disk a journal takes nothing more. A sync that failed is never tried again: the system may have dropped what it could
not write and say yes the next time (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020).
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock
from typing import Literal, TypeAlias

import numpy as np

from engines.service.crc import Words
from engines.service.disk import Disk
from engines.service.durations import Durations
from engines.service.entries import seal
from engines.service.errors import StorageError
from engines.service.mending import mend
from engines.service.scan import Tail
from engines.service.segments import Mark, Phase, Segment, create, write_mark
from harness.base.clock import Clock
from harness.base.records import Commands

Syncs: TypeAlias = Literal["batch", "interval", "none"]
ROOM = 2**19
"""Entries of a segment: 64 MiB."""
STAGED = 2**17
"""Entries that wait for a commit at most, 16 MiB; who appends more waits for the disk."""
RESTS = 4
"""How many times as long as the making of a piece of the next segment takes, the disk is left to the syncs that answers wait for."""


@dataclass(frozen=True, slots=True)
class Policy:
    """When a commit syncs."""

    syncs: Syncs = "batch"
    interval_ns: int = 0


BY_BATCH = Policy()


class Journal:
    """Goes on where a scan ended. `executor` makes the next segment while this one fills, so that no commit waits for it.

    One thread may append while another commits.
    """

    def __init__(
        self,
        folder: Path,
        identity: bytes,
        tail: Tail,
        *,
        disk: Disk,
        executor: Executor,
        clock: Clock,
        policy: Policy = BY_BATCH,
        room: int = ROOM,
    ) -> None:
        self._folder, self._identity, self._room = folder, identity, room
        self._disk, self._executor, self._clock, self._policy = disk, executor, clock, policy
        self._failure: StorageError | None = None
        self._staged: list[Words] = []
        self._staging, self._committing = Lock(), Lock()
        self._hurry = Event()
        """Set while somebody waits for the next segment."""
        self.sequence = tail.last
        """Of the last command that was appended."""
        self.written = tail.last
        """Up to where the operating system has them."""
        self.durable = tail.last
        """Up to where the disk has them."""
        self.sync_times = Durations()
        """Of the syncs that answers wait for."""
        self.syncing_since_ns: int | None = None
        """When the one began that is under way."""
        self._segment, self._file = mend(disk, folder, tail, room, identity)
        self._next = self._prepare()
        self._synced_ns = clock.now_ns()

    @property
    def synced(self) -> int:
        """The last command that is as durable as the policy asks: answers up to it may go out."""
        return self.written if self._policy.syncs == "none" else self.durable

    def append(self, first: int, commands: Commands) -> None:
        """Take in commands, whose sequences run from `first`.

        Raises:
            ValueError: the commands before these did not come, or came already.
        """
        self._check()
        if first != self.sequence + 1:
            raise ValueError(f"the commands begin with {first}; wanted {self.sequence + 1}")
        if not len(commands):
            return
        entries = seal(commands, first, self.durable)
        with self._staging:
            self._staged.append(entries)
            self.sequence += len(commands)
        if self.sequence - self.written > STAGED:
            with self._stops():
                self._write()

    def commit(self) -> None:
        """Write what was appended, and sync if the policy says so. With nothing appended it is the policy's sync that may be due."""
        with self._stops():
            self._write()
            syncs, waited_ns = self._policy.syncs, self._clock.now_ns() - self._synced_ns
            if syncs == "batch" or (syncs == "interval" and waited_ns >= self._policy.interval_ns):
                self._sync()

    def sync(self) -> None:
        """Make all that was appended durable, whatever the policy."""
        with self._stops():
            self._write()
            self._sync()

    def close(self) -> None:
        """End in good order: recovery will call it clean. After a failure the files are closed, no more."""
        if self._failure is None:
            self.sync()
            with self._stops():
                write_mark(self._file, Mark(self.durable, Phase.CLOSED))
                self._file.sync()
        self.abandon()

    def abandon(self) -> None:
        """Close the files as they are, as the death of the process would; once or again."""
        # Whoever opens the folder next must not meet a segment in the making.
        self._hurry.set()
        if not self._next.cancel():
            self._next.exception()
        self._file.close()

    def _check(self) -> None:
        if self._failure is not None:
            raise type(self._failure)(
                f"the journal stopped, durable up to {self.durable}: {self._failure}"
            ) from self._failure

    @contextmanager
    def _stops(self) -> Iterator[None]:
        """One at a time is at the disk; an error of it is the end of this journal."""
        with self._committing:
            self._check()
            try:
                yield
            except StorageError as error:
                self._failure = error
                raise

    def _write(self) -> None:
        """Hand over what is staged; where a segment is full, go on in the next."""
        with self._staging:
            staged, self._staged = self._staged, []
        if not staged:
            return
        entries = staged[0] if len(staged) == 1 else np.concatenate(staged)
        while len(entries):
            if self.written == self._segment.last:
                self._go_on()
            left = self._segment.last - self.written
            part, entries = entries[:left], entries[left:]
            self._file.write(part.data.cast("B"), self._segment.offset(self.written + 1))
            self.written += len(part)

    def _sync(self) -> None:
        if self.durable < self.written:
            self.syncing_since_ns = began_ns = self._clock.now_ns()
            self._file.sync()
            self.sync_times.add(self._clock.now_ns() - began_ns)
            self.syncing_since_ns = None
            # The mark comes before anybody is told, so that after a kill it names all that was.
            write_mark(self._file, Mark(self.written))
            self.durable = self.written
        self._synced_ns = self._clock.now_ns()

    def _go_on(self) -> None:
        """Leave a full segment for the next, which exists by now."""
        self._sync()
        self._hurry.set()
        following = self._next.result()
        self._hurry.clear()
        file = self._disk.open(following.path)
        write_mark(self._file, Mark(self.durable, Phase.CONTINUED))
        self._file.close()
        self._segment, self._file = following, file
        self._next = self._prepare()

    def _prepare(self) -> Future[Segment]:
        first = self._segment.last + 1
        return self._executor.submit(
            create, self._disk, self._folder, first, self._room, self._identity, rest=self._rest
        )

    def _rest(self, took_s: float) -> None:
        self._hurry.wait(RESTS * took_s)
