"""One file of history: a 64-byte header, then whole records.

A segment is written as `.part` and renamed when it is sealed, so that a run that dies leaves every record up to the last
whole one. Version 1: first.
"""

from __future__ import annotations

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
VERSION = 1
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
    """Appends records to a `.part` file, then seals it. `first` is the number of its first record."""

    def __init__(self, path: Path, kind: Kind, first: int) -> None:
        self._path = path
        self._kind: Kind = kind
        self._first = first
        self._part = path.with_name(path.name + ".part")
        # Unbuffered: what is appended comes in large pieces, and survives the death of this process at once.
        self._file = self._part.open("wb", buffering=0)
        self._write(self._header(0, 0, 0, 0))
        self._hash = blake2b(digest_size=32)
        self._crc = 0
        self.count = 0
        self._first_ns = 0
        self._last_ns = 0

    def append(self, records: Records) -> None:
        """Hand whole records to the operating system. Their padding is set to zero in place: numpy leaves chance bytes there."""
        if not len(records):
            return
        body = records.view(np.uint8)
        body.reshape(-1, RECORD_BYTES)[:, _USED[self._kind] :] = 0
        self._write(body.data)
        self._hash.update(body.data)
        self._crc = zlib.crc32(body.data, self._crc)
        times = records[_TIMES[self._kind]]
        if self.count == 0:
            self._first_ns = int(times[0])
        self._last_ns = int(times[-1])
        self.count += len(records)

    def seal(self) -> Sealed:
        """Write the final header and rename the file."""
        self._file.seek(0)
        self._write(self._header(self._crc, self.count, self._first_ns, self._last_ns))
        self._file.close()
        self._part.replace(self._path)
        return Sealed(self._path, self._first, self.count, self._hash.hexdigest())

    def abandon(self) -> None:
        """Leave what was written as a `.part`; nothing where it was sealed."""
        self._file.close()

    def _write(self, body: bytes | memoryview) -> None:
        """A disk that fills up takes a part of it, and refuses the next."""
        left = memoryview(body)
        while left:
            left = left[self._file.write(left) :]

    def _header(self, crc: int, count: int, first_ns: int, last_ns: int) -> bytes:
        kind = KINDS[self._kind]
        return HEADER.pack(MAGIC, VERSION, kind, RECORD_BYTES, crc, count, self._first, first_ns, last_ns)


def read_segment(path: Path) -> Records:
    """The records of a sealed segment, or of a `.part` up to its last whole record.

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
        return np.frombuffer(body[: whole * RECORD_BYTES], dtype=_TYPES[kind])
    if len(body) != count * RECORD_BYTES:
        raise EvidenceError(
            f"{path} was cut: its header tells {count} records, the file holds {len(body) / RECORD_BYTES:g}"
        )
    if zlib.crc32(body) != crc:
        raise EvidenceError(f"{path} was changed: its checksum is {zlib.crc32(body):08x}, its header tells {crc:08x}")
    return np.frombuffer(body, dtype=_TYPES[kind])
