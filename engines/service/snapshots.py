"""Snapshots of the engine on disk: so that recovery replays the commands behind the newest one and not the whole journal.

A snapshot is written beside, synced and renamed, so that a name always stands for a whole file; and only of what is durable in the journal,
so that one that is ahead of the journal proves that the journal lost something. Nothing hangs on a snapshot: one that is broken is passed
over for the one before it, and at last for the whole journal.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engines.service.crc import SECTOR_BYTES, Words, crc_of, is_whole, sealed_sector
from engines.service.disk import Disk
from engines.service.imaging import WORD_BYTES

MAGIC = b"GONOGOS\n"
VERSION = 1
SUFFIX, PART = ".snapshot", ".part"
KEPT = 3
_HEADER = struct.Struct("<8sIIQQQ32s")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An engine after a command."""

    sequence: int
    """Of the last command that it holds."""
    engine_seq: int
    """Of the last event."""
    image: Words


@dataclass(frozen=True, slots=True)
class Broken:
    """A snapshot that cannot be used."""

    path: Path
    why: str


def store(disk: Disk, folder: Path, identity: bytes, snapshot: Snapshot, kept: int = KEPT) -> Path:
    """Make the snapshot durable, then let go of all but the newest few."""
    path = folder / f"{snapshot.sequence:020}{SUFFIX}"
    crc = crc_of(snapshot.image.data.cast("B"))
    header = _HEADER.pack(MAGIC, VERSION, crc, snapshot.sequence, snapshot.engine_seq, len(snapshot.image), identity)
    file = disk.create(path.with_suffix(PART), 0)
    try:
        file.write(sealed_sector(header), 0)
        file.write(snapshot.image.data.cast("B"), SECTOR_BYTES)
        file.sync()
    finally:
        file.close()
    disk.rename(path.with_suffix(PART), path)
    for old in stored(folder)[kept:]:
        disk.remove(old)
    return path


def stored(folder: Path) -> list[Path]:
    """The snapshots of a folder, the newest first."""
    return sorted(folder.glob(f"*{SUFFIX}"), reverse=True)


def load(path: Path, identity: bytes) -> Snapshot | Broken:
    """What a file holds; or why it cannot be used."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        return Broken(path, f"cannot be read: {error.strerror}")
    header, body = raw[:SECTOR_BYTES], raw[SECTOR_BYTES:]
    if not header.startswith(MAGIC) or not is_whole(header):
        return Broken(path, "its header was damaged, or it is no snapshot")
    _, version, crc, sequence, engine_seq, words, its_identity = _HEADER.unpack_from(header)
    why = ""
    if version != VERSION:
        why = f"it has version {version}; wanted {VERSION}"
    elif its_identity != identity:
        why = "it is of an engine with other instruments, conventions or capacities"
    elif len(body) != words * WORD_BYTES:
        why = f"it has {len(body)} bytes behind its header; wanted {words * WORD_BYTES}"
    elif crc_of(body) != crc:
        why = "it was damaged: its checksum does not fit"
    return Broken(path, why) if why else Snapshot(sequence, engine_seq, np.frombuffer(body, np.uint64))
