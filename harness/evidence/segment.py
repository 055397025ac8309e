"""One file of history: a 64-byte header, then whole records.

A segment is written as `.part` and renamed when it is sealed, so that a run that dies leaves every record that was appended.
Version 1: first; a `.part` held records up to its end. 2: its header tells how many, since old ones may lie behind them.
"""

from __future__ import annotations

import os
import struct
import zlib
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from harness.base.errors import EvidenceError
from harness.base.records import COMMAND, EVENT, RECORD_BYTES

MAGIC = b"GONOGO1\n"
VERSION = 2
HEADER = struct.Struct("<8sIIIIQQqq8x")
Kind: TypeAlias = Literal["commands", "events"]
KINDS: dict[Kind, int] = {"commands": 1, "events": 2}
_TYPES = {1: COMMAND, 2: EVENT}
_USED: dict[Kind, int] = {
    kind: sum(_TYPES[code][name].itemsize for name in _TYPES[code].names or ()) for kind, code in KINDS.items()
}
"""The bytes of a record that hold fields; the rest is padding."""
_TIMES: dict[Kind, str] = {"commands": "sent_ns", "events": "received_ns"}
Records: TypeAlias = npt.NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is known of a finished segment."""

    path: Path
    first: int
    """The number of the first record: commands and events are each counted from 1."""
    count: int
    blake2b: str


class SegmentWriter:
    """Appends records to a `.part` file, then seals it. `first` is the number of its first record.

    `over` is a file that nobody needs any more: it becomes the `.part` and is written over.
    """

    def __init__(self, path: Path, kind: Kind, first: int, over: Path | None = None) -> None:
        self._path = path
        self._kind: Kind = kind
        self._first = first
        self._part = path.with_name(path.name + ".part")
        self._hash = blake2b(digest_size=32)
        self._crc = 0
        self.count = 0
        self._first_ns = 0
        self._last_ns = 0
        # Unbuffered: what is appended comes in large pieces, and survives the death of this process at once.
        self._file = (over or self._part).open("r+b" if over else "wb", buffering=0)
        self._write(self._header())
        if over:
            # Only now: its old header told of records.
            over.replace(self._part)

    def append(self, records: Records) -> None:
        """Hand whole records to the operating system. Their padding is set to zero in place: numpy leaves chance bytes there."""
        if not len(records):
            return
        body = records.view(np.uint8)
        body.reshape(-1, RECORD_BYTES)[:, _USED[self._kind] :] = 0
        try:
            self._write(body.data)
        finally:
            # A disk that fills up took a part of them.
            whole = (self._file.tell() - HEADER.size) // RECORD_BYTES
            self._count(records[: whole - self.count])

    def seal(self) -> Sealed:
        """Cut off what lies behind the last record and rename the file."""
        self._file.truncate()
        self._file.close()
        self._part.replace(self._path)
        return Sealed(self._path, self._first, self.count, self._hash.hexdigest())

    def abandon(self) -> None:
        """Leave what was written as a `.part`; nothing where it was sealed."""
        self._file.close()

    def _count(self, records: Records) -> None:
        """Have the header tell that these are there, too."""
        body = records.view(np.uint8).data
        self._hash.update(body)
        self._crc = zlib.crc32(body, self._crc)
        if len(records):
            times = records[_TIMES[self._kind]]
            self._first_ns = self._first_ns if self.count else int(times[0])
            self._last_ns = int(times[-1])
        self.count += len(records)
        os.pwrite(self._file.fileno(), self._header(), 0)

    def _write(self, body: bytes | memoryview) -> None:
        """A disk that fills up takes a part of it, and refuses the next."""
        left = memoryview(body)
        while left:
            left = left[self._file.write(left) :]

    def _header(self) -> bytes:
        times = self._first_ns, self._last_ns
        return HEADER.pack(MAGIC, VERSION, KINDS[self._kind], RECORD_BYTES, self._crc, self.count, self._first, *times)


def read_segment(path: Path) -> Records:
    """The records of a sealed segment, or those of a `.part` that are whole.

    Raises:
        EvidenceError: it is no segment, was written by a newer version, was cut or changed.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise EvidenceError(f"cannot read {path}: {error.strerror}") from error
    if len(raw) < HEADER.size or not raw.startswith(MAGIC):
        raise EvidenceError(f"{path} is no segment: it begins with {raw[:8]!r}, wanted {MAGIC!r} and a 64-byte header")
    _, version, kind, record_bytes, crc, count, *_ = HEADER.unpack_from(raw)
    if version > VERSION:
        raise EvidenceError(
            f"{path} has segment version {version}, this gonogo reads up to {VERSION}; use a newer gonogo"
        )
    if kind not in _TYPES or record_bytes != RECORD_BYTES:
        raise EvidenceError(
            f"{path} holds records of kind {kind} and {record_bytes} bytes; wanted kind 1 or 2 and {RECORD_BYTES}"
        )
    body = memoryview(raw)[HEADER.size :]
    if path.suffix == ".part":
        whole = len(body) // RECORD_BYTES
        if version == 1 or whole < count:
            # Nobody told how many there are, or a machine that went down lost the end.
            return np.frombuffer(body[: whole * RECORD_BYTES], dtype=_TYPES[kind])
        body = body[: count * RECORD_BYTES]
    if len(body) != count * RECORD_BYTES:
        raise EvidenceError(
            f"{path} was cut: its header tells {count} records, the file holds {len(body) / RECORD_BYTES:g}"
        )
    if zlib.crc32(body) != crc:
        raise EvidenceError(f"{path} was changed: its checksum is {zlib.crc32(body):08x}, its header tells {crc:08x}")
    return np.frombuffer(body, dtype=_TYPES[kind])
