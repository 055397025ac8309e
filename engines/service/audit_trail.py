"""The audit trail: every event that the engine ever told, in batches, each chained to all before it.

Events are numbered without gaps, and the trail takes them in a row only: one that went out beside it is missed by the next batch.
The trail is not synced with each batch: what a machine that goes down takes of it is made again from the journal, whose commands give the
same events. It is synced before each snapshot, behind which recovery replays nothing, and aside, when a file is full. The head says up to where.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, Future
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Lock

from engines.service.disk import Disk, File
from engines.service.errors import StorageError
from engines.service.trail_files import (
    HEAD,
    PART,
    SUFFIX,
    Batch,
    Head,
    Position,
    create,
    pack_head,
    sealed_batch,
)
from harness.base.records import Events

FILE_BYTES = 2**24
"""A file that has grown to this is followed by the next: recovery reads one file, not all."""


class AuditTrail:
    """Goes on at a position; whatever lies behind that is cut off. One thread may append while another syncs.

    `executor` syncs a file that is full while the next one fills, so that who appends does not wait for all of it.
    """

    def __init__(
        self,
        folder: Path,
        identity: bytes,
        start: Position,
        *,
        disk: Disk,
        executor: Executor,
        file_bytes: int = FILE_BYTES,
    ) -> None:
        self._folder, self._identity, self._disk, self._file_bytes = folder, identity, disk, file_bytes
        self._executor = executor
        self._aside: Future[None] | None = None
        """The sync of files that are full."""
        self._left: list[File] = []
        """Those files, until they are synced."""
        self._failure: StorageError | None = None
        self._appending, self._syncing = Lock(), Lock()
        """Who wants both takes `_syncing` first."""
        _cut_off(disk, folder, start)
        self.position = start if start.offset else create(disk, folder, start, identity)
        self._file = disk.open(self.position.path)
        # What a failed sync left in memory alone counts as written until it is written again.
        self._file.write(self.position.path.read_bytes(), 0)
        self._head = _open_head(disk, folder)
        self._synced = 0
        self.sync()

    def append(self, events: Events, last_command: int, durable: int) -> None:
        """Chain what the commands up to `last_command` gave, which may be nothing; `durable`: up to where the journal is.

        Raises:
            ValueError: events or commands before these did not pass through here, or these did already.
        """
        at = self.position
        first_event = int(events["engine_seq"][0]) if len(events) else at.event + 1
        if first_event != at.event + 1 or last_command <= at.command:
            raise ValueError(
                f"the trail ends with command {at.command} and event {at.event}; "
                f"what came ends with command {last_command} and begins with event {first_event}"
            )
        with self._stops():
            if at.offset >= self._file_bytes:
                at = self._go_on()
        with self._stops(), self._appending:
            batch = Batch(at.batch + 1, at.command + 1, last_command, durable, first_event, len(events))
            raw, digest = sealed_batch(batch, at.hash, events)
            self._file.write(raw, at.offset)
            last_event = first_event + len(events) - 1
            self.position = Position(batch.number, last_command, last_event, digest, at.path, at.offset + len(raw))
            self._write_head()

    def sync(self) -> None:
        """Make all of it durable."""
        with self._stops(), self._syncing:
            with self._appending:
                file, batch = self._file, self.position.batch
                left, self._left = self._left, []
            # Whoever appends meanwhile does not wait for the disk.
            for one in left:
                with closing(one):
                    one.sync()
            file.sync()
            with self._appending:
                self._synced = batch
                self._write_head()
            self._head.sync()

    def close(self) -> None:
        """Sync, unless an error went before, and close the files."""
        if self._failure is None:
            self.sync()
        self.abandon()

    def abandon(self) -> None:
        """Close the files as they are, as the death of the process would; once or again."""
        if self._aside is not None and not self._aside.cancel():
            self._aside.exception()
        for file in (*self._left, self._file, self._head):
            file.close()

    @contextmanager
    def _stops(self) -> Iterator[None]:
        """An error of the disk is the end of this trail: nobody knows what of the batch is there."""
        if self._failure is not None:
            raise type(self._failure)(
                f"the audit trail stopped behind batch {self.position.batch}: {self._failure}"
            ) from self._failure
        try:
            yield
        except StorageError as error:
            self._failure = error
            raise

    def _go_on(self) -> Position:
        """Leave a file that has grown for the next, and have it synced meanwhile."""
        following = create(self._disk, self._folder, self.position, self._identity)
        file = self._disk.open(following.path)
        with self._appending:
            self._left.append(self._file)
            self._file, self.position = file, following
        if self._aside is None or self._aside.done():
            self._aside = self._executor.submit(self._sync_aside)
        return following

    def _sync_aside(self) -> None:
        # What goes wrong there is told to whoever appends next.
        with suppress(StorageError):
            self.sync()

    def _write_head(self) -> None:
        at = self.position
        self._head.write(pack_head(Head(at.batch, at.command, at.event, self._synced, at.hash)), 0)


def _cut_off(disk: Disk, folder: Path, start: Position) -> None:
    """What lies behind the position goes, the last file first, so that no gap ever shows."""
    for path in sorted(folder.glob(f"*{SUFFIX}"), reverse=True):
        if not start.offset or path > start.path:
            disk.remove(path)
    for path in sorted(folder.glob(f"*{PART}")):
        disk.remove(path)
    if start.offset:
        file = disk.open(start.path)
        try:
            file.truncate(start.offset)
            file.sync()
        finally:
            file.close()


def _open_head(disk: Disk, folder: Path) -> File:
    """The head file, made if it is not there."""
    path = folder / HEAD
    if path.exists():
        return disk.open(path)
    return disk.create(path, 0)
