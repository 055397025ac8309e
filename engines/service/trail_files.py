"""The files of the audit trail: a header, then batches, each with the hash of all before it.

A batch's hash is BLAKE2b-256 of the previous batch's hash, its own first 56 bytes and its events; the first batch goes on from the
configuration's hash. So whoever knows the last hash knows that of every event; to change one is to change all that follow.

The head is a small file beside them. It says which batch is the last, and up to which batch the trail was synced.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engines.service.crc import SECTOR_BYTES, is_whole, sealed_sector
from engines.service.disk import Disk
from engines.service.errors import DiskBrokenError, RefusedError
from harness.base.records import EVENT, RECORD_BYTES, Events

MAGIC, BATCH_MAGIC, HEAD_MAGIC = b"GONOGOT\n", b"GONOGOB\n", b"GONOGOH\n"
VERSION = 1
SUFFIX, PART = ".trail", ".part"
HEAD = "head"
EVENT_BYTES = sum(EVENT[name].itemsize for name in EVENT.names or ())
"""Of a record of `RECORD_BYTES`; the rest is padding and zero."""
HASH_BYTES = 32
_HEADER = struct.Struct("<8sIIQQQ32s32s")
_TOLD = struct.Struct("<8sQQQQQQ")
BATCH_BYTES = _TOLD.size + 2 * HASH_BYTES
_HEAD = struct.Struct("<8sQQQQ32s")


class Position(NamedTuple):
    """A place between two batches."""

    batch: int
    """The number of the batch before it, 0 at the start of a trail."""
    command: int
    """The last command whose events lie before it."""
    event: int
    hash: bytes
    path: Path
    offset: int


class Batch(NamedTuple):
    """What a batch says of itself, in this order, before its two hashes."""

    number: int
    """Counted from 1 without gaps, over all files."""
    first_command: int
    last_command: int
    durable: int
    """Up to which command the journal was durable when the batch was written."""
    first_event: int
    events: int


class Found(NamedTuple):
    """A batch that was read and is whole."""

    batch: Batch
    behind: Position


class Head(NamedTuple):
    """What the head file says."""

    batch: int
    last_command: int
    last_event: int
    synced: int
    """Up to which batch the trail is durable."""
    hash: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a file of the trail stops being one."""

    path: Path
    offset: int
    batch: int
    why: str


def create(disk: Disk, folder: Path, after: Position, identity: bytes) -> Position:
    """A file whose first batch follows a position in the file before; it has its name only once it is whole. Where that batch goes."""
    path = folder / f"{after.batch + 1:020}{SUFFIX}"
    part = path.with_suffix(PART)
    header = _HEADER.pack(MAGIC, VERSION, RECORD_BYTES, after.batch, after.command, after.event, identity, after.hash)
    file = disk.create(part, 0)
    try:
        file.write(sealed_sector(header), 0)
        file.sync()
    finally:
        file.close()
    disk.rename(part, path)
    return after._replace(path=path, offset=SECTOR_BYTES)


def sealed_batch(batch: Batch, previous: bytes, events: Events) -> tuple[bytes, bytes]:
    """A batch's bytes and its hash."""
    body = np.ascontiguousarray(events, EVENT).view(np.uint8).reshape(-1, RECORD_BYTES).copy()
    # numpy leaves chance bytes in the padding.
    body[:, EVENT_BYTES:] = 0
    told = _TOLD.pack(BATCH_MAGIC, *batch)
    raw = body.tobytes()
    digest = _hash_of(previous, told, raw)
    return told + previous + digest + raw, digest


def pack_head(head: Head) -> bytes:
    """The content of the head file."""
    return sealed_sector(_HEAD.pack(HEAD_MAGIC, *head))


def read_head(folder: Path) -> Head | None:
    """What the head file says; None where it is missing or damaged."""
    try:
        raw = (folder / HEAD).read_bytes()
    except OSError:
        return None
    if not is_whole(raw) or not raw.startswith(HEAD_MAGIC):
        return None
    return Head._make(_HEAD.unpack_from(raw)[1:])


def files(folder: Path, identity: bytes) -> list[Position]:
    """Where the first batch of each file goes, in order.

    Raises:
        RefusedError: one is no such file, of another engine, of another version, or its header was damaged.
    """
    return [_read_header(path, identity) for path in sorted(folder.glob(f"*{SUFFIX}"))]


def batches(start: Position) -> Iterator[Found | Broken]:
    """The batches of a file from its start on, each with its hash worked out again; the last one is `Broken` where one is not whole."""
    at = start
    try:
        size = start.path.stat().st_size
        with start.path.open("rb") as opened:
            opened.seek(start.offset)
            while at.offset < size:
                found = _read_batch(opened, at, size)
                yield found
                if isinstance(found, Broken):
                    return
                at = found.behind
    except OSError as error:
        raise DiskBrokenError(f"cannot read {start.path}: {error.strerror}") from error


def _read_batch(opened: BufferedReader, at: Position, size: int) -> Found | Broken:
    """The batch that begins here, if it is whole and goes on from the one before."""

    def broken(why: str) -> Broken:
        return Broken(at.path, at.offset, at.batch + 1, why)

    head = opened.read(BATCH_BYTES)
    if len(head) < BATCH_BYTES or not head.startswith(BATCH_MAGIC):
        return broken("no batch begins here")
    told, previous, digest = head[: _TOLD.size], head[_TOLD.size : -HASH_BYTES], head[-HASH_BYTES:]
    batch = Batch._make(_TOLD.unpack(told)[1:])
    expected = (at.batch + 1, at.command + 1, at.event + 1, at.hash)
    if (batch.number, batch.first_command, batch.first_event, previous) != expected:
        return broken("it does not go on from the batch before it")
    end = at.offset + BATCH_BYTES + batch.events * RECORD_BYTES
    if end > size:
        return broken("it ends beyond the file")
    if _hash_of(previous, told, opened.read(batch.events * RECORD_BYTES)) != digest:
        return broken("its hash does not fit what it holds")
    last_event = batch.first_event + batch.events - 1
    return Found(batch, Position(batch.number, batch.last_command, last_event, digest, at.path, end))


def _hash_of(previous: bytes, told: bytes, body: bytes) -> bytes:
    state = blake2b(previous, digest_size=HASH_BYTES)
    state.update(told)
    state.update(body)
    return state.digest()


def _read_header(path: Path, identity: bytes) -> Position:
    try:
        with path.open("rb") as file:
            header = file.read(SECTOR_BYTES)
    except OSError as error:
        raise DiskBrokenError(f"cannot read {path}: {error.strerror}") from error
    if not header.startswith(MAGIC) or not is_whole(header):
        raise RefusedError(path, 0, "its header was damaged, or it is no audit trail")
    _, version, record_bytes, batch, command, event, its_identity, previous = _HEADER.unpack_from(header)
    if version != VERSION or record_bytes != RECORD_BYTES:
        raise RefusedError(
            path, 8, f"version {version}, events of {record_bytes} bytes; wanted {VERSION} and {RECORD_BYTES}"
        )
    if its_identity != identity:
        raise RefusedError(path, 40, "it is the trail of an engine with other instruments, conventions or capacities")
    return Position(batch, command, event, previous, path, SECTOR_BYTES)
