"""The sequenced packets of a port in a file, from the first on: what a session sends out, and where a reconnect finds any of them again.

In memory there is the place of every so many-th packet only. The file is made again from the audit trail at each start, since the same
events give the same packets; so it needs no sync, and there is nothing in it to repair.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path

from harness.base.records import Int64Array
from harness.wire.soup import split
from harness.wire.soup_kernel import END, Bytes

EVERY = 256
"""Packets between two places that are known."""
SEND_BYTES = 2**18
"""What is handed to a socket in one go."""
READ_BYTES = 2**16


class Stream:
    """Grows at its end; read from anywhere."""

    def __init__(self, path: Path) -> None:
        """A new one; a file that was there goes."""
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        self.count = 0
        """Packets in it."""
        self.size = 0
        """Bytes in it."""
        self._places = [0]
        """Where packets 1, 1 + EVERY, 1 + 2 * EVERY, ... begin."""

    def append(self, packets: Bytes, ends: Int64Array | None = None) -> None:
        """Add whole packets; where each ends, if that is known already.

        Raises:
            OSError: the disk is full or broken.
        """
        if ends is None:
            ends = split(packets).packets[:, END]
        self._places += (self.size + ends[EVERY - 1 - self.count % EVERY :: EVERY]).tolist()
        left, at = packets.data, self.size
        while left:
            written = os.pwrite(self._file, left, at)
            left, at = left[written:], at + written
        self.count += len(ends)
        self.size = at

    def place_of(self, number: int) -> int:
        """Where a packet begins, counted from 1; that behind the last one is the end."""
        if not 1 <= number <= self.count + 1:
            raise ValueError(f"packet {number}; there are {self.count}")
        known, left = divmod(number - 1, EVERY)
        place = self._places[known]
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
        """Give the file back."""
        os.close(self._file)
