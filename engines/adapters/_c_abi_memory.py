"""The memory that gonogo shares with the processes of a shared library: messages go out in it, and reports come back.

In words of eight bytes:

0 reports so far | 1 room for reports | 2 whether it was full | 3 the place of the message at work | 8 messages, then reports
"""

from __future__ import annotations

import ctypes
import mmap
import os
from ctypes import c_uint64
from typing import TypedDict

MESSAGE_BYTES, REPORT_BYTES, WORD_BYTES = 40, 64, 8
COUNT, ROOM, FULL, AT, HEAD = 0, 1, 2, 3, 8
"""Words at the beginning of the shared memory."""


class Task(TypedDict):
    """What is to be loaded, and where messages and reports go."""

    library: str
    memory: str
    """A file that is shared memory."""
    messages_most: int
    reports_most: int
    library_bytes: int
    """The most address space that the library may take beside what this process has."""


class Memory:
    """What is shared with gonogo, by its addresses."""

    def __init__(self, task: Task) -> None:
        descriptor = os.open(task["memory"], os.O_RDWR)
        self.bytes = mmap.mmap(descriptor, 0)
        os.close(descriptor)
        self.types = memoryview(self.bytes)[HEAD * WORD_BYTES :: MESSAGE_BYTES]
        self.words = (c_uint64 * HEAD).from_buffer(self.bytes)
        self.head = ctypes.addressof(self.words)
        self.messages = self.head + HEAD * WORD_BYTES
        self.reports = self.messages + task["messages_most"] * MESSAGE_BYTES
        self.words[ROOM] = self.room = task["reports_most"]
