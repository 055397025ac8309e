"""A segment, one file of the journal: a header, the mark, and room for a fixed number of entries, all of it on the disk before its use.

Its first 4,096 bytes are two sectors and zeros. The header never changes. The mark says up to which entry the journal is durable, and is
written after each sync, so it never promises too much; the next sync makes it durable with the entries, at no cost that could be measured.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from enum import IntEnum
from io import FileIO
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engines.service.crc import SECTOR_BYTES, Words, is_whole, sealed_sector
from engines.service.disk import Disk, File, Rest
from engines.service.entries import ENTRY_BYTES, ENTRY_WORDS
from engines.service.errors import DiskBrokenError, RefusedError

MAGIC, MARK_MAGIC = b"GONOGOJ\n", b"GONOGOM\n"
VERSION = 1
HEADER_BYTES = 4096
MARK_AT = SECTOR_BYTES
SUFFIX, PART = ".segment", ".part"
CHUNK = 2**14
"""Entries that are read at a time."""
_HEADER = struct.Struct("<8sIIQQ32s")
_MARK = struct.Struct("<8sQI")


class Phase(IntEnum):
    """What a segment's mark says of its end."""

    OPEN = 0
    CONTINUED = 1
    """It is full and the next one exists."""
    CLOSED = 2
    """The service ended in good order with the entry that the mark names."""


class Mark(NamedTuple):
    """The second sector of a segment."""

    durable: int = 0
    """The journal was durable up to this sequence; 0 where nothing is known."""
    phase: Phase = Phase.OPEN


class Segment(NamedTuple):
    """What the first two sectors of a segment say."""

    path: Path
    first: int
    room: int
    mark: Mark | None
    """None where it was damaged."""

    @property
    def last(self) -> int:
        """The sequence of its last place."""
        return self.first + self.room - 1

    @property
    def size(self) -> int:
        """Of the whole file."""
        return HEADER_BYTES + self.room * ENTRY_BYTES

    def offset(self, sequence: int) -> int:
        """Where an entry's place begins."""
        return HEADER_BYTES + (sequence - self.first) * ENTRY_BYTES


def create(disk: Disk, folder: Path, first: int, room: int, identity: bytes, *, rest: Rest = lambda _: None) -> Segment:
    """An empty segment for the entries `first` and on; it has its name only once all of it is on the disk."""
    segment = Segment(folder / f"{first:020}{SUFFIX}", first, room, Mark())
    part = segment.path.with_suffix(PART)
    file = disk.create(part, segment.size, rest)
    try:
        file.write(sealed_sector(_HEADER.pack(MAGIC, VERSION, ENTRY_BYTES, first, room, identity)), 0)
        write_mark(file, Mark())
        file.sync()
    finally:
        file.close()
    disk.rename(part, segment.path)
    return segment


def write_mark(file: File, mark: Mark) -> None:
    """Say up to where the journal is durable."""
    file.write(sealed_sector(_MARK.pack(MARK_MAGIC, mark.durable, mark.phase)), MARK_AT)


def segments(folder: Path, identity: bytes) -> list[Segment]:
    """All segments of a journal in order; unfinished ones are none.

    Raises:
        RefusedError: one is no segment, of another engine, of a newer version, or was damaged; or one between two others is missing.
    """
    found = [_read_head(path, identity) for path in sorted(folder.glob(f"*{SUFFIX}"))]
    for one, following in pairwise(found):
        if following.first != one.last + 1:
            raise RefusedError(
                following.path,
                0,
                f"it begins with entry {following.first}, the segment before it ends with {one.last}: one is missing",
            )
    return found


def read_entries(segment: Segment, first: int) -> Iterator[tuple[int, Words]]:
    """The places from entry `first` of the segment on, by chunks: the first one's sequence and all words. What was cut off reads as zeros."""
    try:
        with segment.path.open("rb", buffering=0) as file:
            file.seek(segment.offset(first))
            while first <= segment.last:
                entries = np.zeros((min(CHUNK, segment.last - first + 1), ENTRY_WORDS), np.uint64)
                _fill(file, entries.data.cast("B"))
                yield first, entries
                first += len(entries)
    except OSError as error:
        raise DiskBrokenError(f"cannot read {segment.path}: {error.strerror}") from error


def _fill(file: FileIO, room: memoryview) -> None:
    while room and (taken := file.readinto(room)):
        room = room[taken:]


def _read_head(path: Path, identity: bytes) -> Segment:
    """Header and mark of a file that has a segment's name."""
    try:
        with path.open("rb") as file:
            head = file.read(HEADER_BYTES)
        size = path.stat().st_size
    except OSError as error:
        raise DiskBrokenError(f"cannot read {path}: {error.strerror}") from error
    if not head.startswith(MAGIC):
        raise RefusedError(path, 0, f"it begins with {head[:8]!r}; a segment of the journal begins with {MAGIC!r}")
    if size < MARK_AT + SECTOR_BYTES:
        raise RefusedError(path, size, "it ends before its mark")
    if not is_whole(head[:SECTOR_BYTES]):
        raise RefusedError(path, 0, "the header was damaged: its checksum does not fit")
    _, version, entry_bytes, first, room, its_identity = _HEADER.unpack_from(head)
    if version != VERSION or entry_bytes != ENTRY_BYTES:
        raise RefusedError(
            path, 8, f"it has version {version} and entries of {entry_bytes} bytes; wanted {VERSION} and {ENTRY_BYTES}"
        )
    if its_identity != identity:
        raise RefusedError(path, 32, "it is the journal of an engine with other instruments, conventions or capacities")
    segment = Segment(path, first, room, _mark_of(head[MARK_AT : MARK_AT + SECTOR_BYTES]))
    if path.name != f"{first:020}{SUFFIX}":
        raise RefusedError(path, 16, f"it holds the entries from {first} on; its name says otherwise")
    if size > segment.size:
        raise RefusedError(path, segment.size, f"it is {size - segment.size} bytes longer than its header says")
    return segment


def _mark_of(sector: bytes) -> Mark | None:
    if not is_whole(sector):
        return None
    magic, durable, phase = _MARK.unpack_from(sector)
    return Mark(durable, Phase(phase)) if magic == MARK_MAGIC and phase in set(Phase) else None
