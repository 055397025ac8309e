"""The sequenced packets of a port in a file, from the first on: what a session sends out, and where a reconnect finds any of them again.

Beside it lies the place of every so many-th packet. Both follow from the audit trail, since the same events give the same packets: so they need
no sync, and there is nothing in them to repair. What a process wrote survives it, so the next one may go on from a mark (`marks.py`).
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import NamedTuple

from engines.service.disk import write_whole
from harness.base.records import Int64Array
from harness.wire.soup import split
from harness.wire.soup_kernel import END, Bytes

EVERY = 256
"""Packets between two places that are known."""
SEND_BYTES = 2**18
"""What is handed to a socket in one go."""
READ_BYTES = 2**16
PLACES, PLACE_BYTES = ".places", 8


class Mark(NamedTuple):
    """How far a stream was."""

    packets: int = 0
    size: int = 0
    """Bytes."""


NO_MARK = Mark()


class Stream:
    """Grows at its end; read from anywhere."""

    def __init__(self, path: Path, mark: Mark = NO_MARK) -> None:
        """The file as it was at a mark; what is behind it goes."""
        self._file, self._places = (
            os.open(one, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600) for one in (path, _places_of(path))
        )
        self.count, self.size = mark
        """Packets and bytes in it."""
        os.ftruncate(self._file, self.size)
        os.ftruncate(self._places, self.count // EVERY * PLACE_BYTES)

    @staticmethod
    def holds(path: Path, mark: Mark) -> bool:
        """Whether a file reaches as far as the mark."""
        try:
            is_long = path.stat().st_size >= mark.size
            return is_long and _places_of(path).stat().st_size >= mark.packets // EVERY * PLACE_BYTES
        except FileNotFoundError:
            return False

    def mark(self) -> Mark:
        """How far it is."""
        return Mark(self.count, self.size)

    def append(self, packets: Bytes, ends: Int64Array | None = None) -> None:
        """Add whole packets; where each ends, if that is known already.

        Raises:
            OSError: the disk is full or broken.
        """
        if ends is None:
            ends = split(packets).packets[:, END]
        write_whole(self._file, packets.data, self.size)
        if len(known := ends[EVERY - 1 - self.count % EVERY :: EVERY]):
            write_whole(self._places, (self.size + known).data, self.count // EVERY * PLACE_BYTES)
        self.count += len(ends)
        self.size += len(packets)

    def place_of(self, number: int) -> int:
        """Where a packet begins, counted from 1; that behind the last one is the end."""
        if not 1 <= number <= self.count + 1:
            raise ValueError(f"packet {number}; there are {self.count}")
        known, left = divmod(number - 1, EVERY)
        # The first begins at 0, which is not written down.
        at = os.pread(self._places, PLACE_BYTES, (known - 1) * PLACE_BYTES) if known else b""
        place = int.from_bytes(at, "little")
        while left:
            # A packet may be as long as what is read; at least one is whole in it.
            ends = split(os.pread(self._file, 2 * READ_BYTES, place)).packets[:left, END]
            left -= len(ends)
            place += int(ends[-1])
        return place

    def read(self, place: int, size: int) -> bytes:
        """Bytes from a place on."""
        return os.pread(self._file, size, place)

    def send(self, to: socket.socket, place: int) -> int:
        """Hand a part of what lies behind a place to a socket; how much it took. Raises OSError: the connection is broken."""
        try:
            return os.sendfile(to.fileno(), self._file, place, min(self.size - place, SEND_BYTES))
        except BlockingIOError:
            return 0

    def close(self) -> None:
        """Give the files back."""
        os.close(self._file)
        os.close(self._places)


def _places_of(path: Path) -> Path:
    return path.with_name(path.name + PLACES)
