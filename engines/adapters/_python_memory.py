"""The memory that gonogo shares with the processes of a Python object: commands go out in it, and events come back, as they stand in records.

In words of eight bytes:

0 events (or rows of the book, or bytes of text) so far | 1 commands done | 2 the book's event sequence | 3 bytes of the failure |
8 commands, then what came of them, then why it failed

Everything is written where it will be read, one event after another, so that what an engine said before it died is there.
"""

from __future__ import annotations

import mmap
import os
import struct
from collections.abc import Iterator
from enum import IntEnum
from typing import TypedDict

import numpy as np

from harness.base.bits import BOOK_ROW, BookRows
from harness.base.records import COMMAND, EVENT, RECORD_BYTES, Command, Commands, Event

COUNT, DONE, SEQ, WHY, HEAD = 0, 1, 2, 3, 8
"""Words at the beginning."""
WORD_BYTES = 8
COMMANDS_MOST = 2**12
"""In one call."""
EVENTS_MOST = 2**18
"""To one call; memory is taken only as far as it is used."""
WHY_BYTES = 2**12
COMMANDS_AT = HEAD * WORD_BYTES
EVENTS_AT = COMMANDS_AT + COMMANDS_MOST * RECORD_BYTES
WHY_AT = EVENTS_AT + EVENTS_MOST * RECORD_BYTES
MEMORY_BYTES = WHY_AT + WHY_BYTES

_LETTERS = {"<i8": "q", "<u8": "Q", "<u4": "I", "<u2": "H", "|u1": "B"}


def _row(record: np.dtype[np.void], fields: tuple[str, ...]) -> struct.Struct:
    """A record as it stands in memory: one by one, numpy takes three times as long to read or write them."""
    letters = "<" + "".join(_LETTERS[record[field].str] for field in fields)
    return struct.Struct(f"{letters}{RECORD_BYTES - struct.calcsize(letters)}x")


_COMMAND, _EVENT = _row(COMMAND, Command._fields), _row(EVENT, Event._fields)


class Asked(IntEnum):
    """What gonogo says to the host; each word is followed by another one."""

    BEGIN = 1
    """A new object in a new process."""
    CARRY_OUT = 2
    """So many commands."""
    BOOK = 3
    COUNTERS = 4


class Task(TypedDict):
    """What is to be made, and where commands and events go."""

    object: str
    """module:attribute"""
    path: list[str]
    """Where its module is looked for, behind what is installed."""
    memory: str
    """A file that is shared memory."""
    setup: str
    """What it is made for, as JSON."""
    memory_bytes: int
    """The most address space that it may take beside what the host has."""


class FullError(Exception):
    """There is no room for another event."""


class Memory:
    """What is shared with gonogo, seen from the process of an object."""

    def __init__(self, path: str) -> None:
        descriptor = os.open(path, os.O_RDWR)
        self._bytes = mmap.mmap(descriptor, 0)
        os.close(descriptor)
        self.words = memoryview(self._bytes)[: HEAD * WORD_BYTES].cast("Q")

    def commands(self, count: int) -> Commands:
        """So many of them."""
        return np.frombuffer(self._bytes, COMMAND, count, COMMANDS_AT)

    def command_rows(self, count: int) -> Iterator[Command]:
        """The same, one by one."""
        bytes_of_them = memoryview(self._bytes)[COMMANDS_AT : COMMANDS_AT + count * RECORD_BYTES]
        return map(Command._make, _COMMAND.iter_unpack(bytes_of_them))

    def tell(self, event: Event) -> None:
        """Put it behind those that are there."""
        count = self.words[COUNT]
        if count >= EVENTS_MOST:
            raise FullError
        _EVENT.pack_into(self._bytes, EVENTS_AT + count * RECORD_BYTES, *event)
        self.words[COUNT] = count + 1

    def tell_all(self, events: np.ndarray) -> None:
        """Put a whole array there."""
        count = self.words[COUNT]
        if count + len(events) > EVENTS_MOST:
            raise FullError
        self._put(events.view(np.uint8), EVENTS_AT + count * RECORD_BYTES)
        self.words[COUNT] = count + len(events)

    def tell_book(self, engine_seq: int, rows: BookRows) -> None:
        """Put the book where events stand else."""
        if rows.nbytes > WHY_AT - EVENTS_AT:
            raise FullError
        self._put(rows.view(np.uint8), EVENTS_AT)
        self.words[COUNT], self.words[SEQ] = len(rows), engine_seq

    def tell_text(self, text: bytes) -> None:
        """Put a text where events stand else."""
        self._put(np.frombuffer(text, np.uint8), EVENTS_AT)
        self.words[COUNT] = len(text)

    def fail(self, why: str) -> None:
        """Say why it cannot go on; of a long reason the end tells most."""
        text = why.encode(errors="replace")[-WHY_BYTES:]
        self._put(np.frombuffer(text, np.uint8), WHY_AT)
        self.words[WHY] = len(text)

    def _put(self, what: np.ndarray, at: int) -> None:
        self._bytes[at : at + what.nbytes] = what.tobytes()


def rows_bytes(count: int) -> int:
    """How many bytes so many rows of a book take."""
    return count * BOOK_ROW.itemsize
