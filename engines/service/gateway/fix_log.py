"""Messages in a file, one behind the other, each with its length and checksum: what a process that dies had written is there again.

As with the requests of OUCH it survives the death of the process, not the power of the machine: nothing is synced. What is torn at the end goes.
"""

from __future__ import annotations

import os
import struct
from array import array
from pathlib import Path
from zlib import crc32

from engines.service.disk import write_whole

HEAD = struct.Struct("<II")
"""Length and CRC-32 of what follows."""
CHUNK = 2**20


class FixLog:
    """Grows at its end; read from anywhere. `begin` bytes before the first message are somebody else's."""

    def __init__(self, path: Path, begin: int = 0) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._places = array("Q")
        self._size = begin
        self._find()

    def __len__(self) -> int:
        return len(self._places)

    def append(self, message: bytes) -> None:
        """Add one.

        Raises:
            OSError: the disk is full or broken.
        """
        whole = HEAD.pack(len(message), crc32(message)) + message
        write_whole(self._file, whole, self._size)
        self._places.append(self._size)
        self._size += len(whole)

    def read(self, row: int) -> bytes:
        """The message of a row, from 0 on."""
        place = self._places[row]
        end = self._places[row + 1] if row + 1 < len(self._places) else self._size
        return os.pread(self._file, end - place - HEAD.size, place + HEAD.size)

    def cut(self, rows: int) -> None:
        """Keep so many of the first."""
        if rows < len(self._places):
            self._size = self._places[rows]
            del self._places[rows:]
            os.ftruncate(self._file, self._size)

    def close(self) -> None:
        """Give the file back."""
        os.close(self._file)

    def _find(self) -> None:
        """Where the messages are that lie in the file already."""
        held = b""
        at = self._size
        while more := os.pread(self._file, CHUNK, at):
            held, at = held + more, at + len(more)
            held = held[self._take(held) :]
        if at > self._size:
            os.ftruncate(self._file, self._size)

    def _take(self, held: bytes) -> int:
        """Take in the whole messages of a stretch; how many bytes they are."""
        used = 0
        while used + HEAD.size <= len(held):
            length, checksum = HEAD.unpack_from(held, used)
            end = used + HEAD.size + length
            if not length or end > len(held) or crc32(held[used + HEAD.size : end]) != checksum:
                break
            self._places.append(self._size)
            self._size += end - used
            used = end
        return used
