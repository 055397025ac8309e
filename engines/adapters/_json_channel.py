"""JSON lines to and from an engine over two descriptors that do not block: pipes, or one socket twice.

What the engine does not take yet waits here, bounded; what it said is decoded in whole buffers.
"""

from __future__ import annotations

import os
import select
from typing import NamedTuple

import numpy as np

from harness.base.records import EVENT, Commands, Events, empty_commands
from harness.wire.json_lines import LINE_MOST, decode_events, encode_commands, encode_message
from harness.wire.json_messages import Message

WAITING_MOST = 1 << 20
"""Bytes that may wait for the engine to take them."""
COMMAND_BYTES = 640
"""What a command takes in a line at the most: seventeen fields with their names, each number of twenty digits."""
READ_BYTES = 1 << 17
"""Some 700 events, a few milliseconds of decoding: whoever sends at a pace must come back to it, also when much came at once."""
SHOWN_BYTES = 200
"""What of a wrong line stands in a message."""


class Heard(NamedTuple):
    """What came."""

    events: Events
    messages: tuple[Message, ...]
    wrong: str
    """The first line that is none of the protocol, in words; empty: there is none."""
    ended: bool
    """Whether nothing more can come."""


NOTHING = Heard(np.zeros(0, EVENT), (), "", ended=False)


class JsonChannel:
    """One connection, from its beginning to its end."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading, self._writing = reading, writing
        self._waiting = bytearray()
        self._deaf = False
        self._begun = bytearray()
        self._lines = 0
        # Kernels are loaded, or compiled, before the first command is due.
        encode_commands(empty_commands(0))
        decode_events(b"\n")

    def send(self, commands: Commands) -> int:
        """Take as many of the commands as there is room for, and hand the engine what it takes now."""
        self._flush()
        taken = commands[: max(0, WAITING_MOST - len(self._waiting)) // COMMAND_BYTES]
        if len(taken):
            self._waiting += encode_commands(taken)
            self._flush()
        return len(taken)

    def say(self, message: Message) -> None:
        """The same with a message, for which there is always room."""
        self._waiting += encode_message(message)
        self._flush()

    def hear(self, wait_s: float) -> Heard:
        """What the engine says; waits at most so long for the first of it, and hands it what waits meanwhile."""
        takes = [self._writing] if self._waiting and not self._deaf else []
        readable, writable, _ = select.select([self._reading], takes, [], wait_s)
        if writable:
            self._flush()
        said = self._read() if readable else b""
        return self._decoded(said)._replace(ended=bool(readable) and not said)

    def _flush(self) -> None:
        """Hand the engine what it takes now. One that will never take more is told by the end of what it says, or by its silence."""
        try:
            while self._waiting and not self._deaf:
                del self._waiting[: os.write(self._writing, self._waiting)]
        except BlockingIOError:
            return
        except OSError:
            self._deaf = True

    def _read(self) -> bytes:
        try:
            return os.read(self._reading, READ_BYTES)
        except ConnectionError:
            return b""

    def _decoded(self, said: bytes) -> Heard:
        self._begun += said
        if b"\n" not in said and len(self._begun) <= LINE_MOST:
            # Not even a line has ended: a long one is not looked through again with each of its parts.
            return NOTHING
        buffer = bytes(self._begun)
        found = decode_events(buffer)
        del self._begun[: found.used]
        wrong = ""
        if found.wrong:
            line, reason = found.wrong[0]
            text = buffer.split(b"\n", line)[line - 1]
            wrong = f"its line {self._lines + line} is wrong: {reason}: {_shown(text)}"
        self._lines += found.lines
        return Heard(found.records, found.messages, wrong, ended=False)


def _shown(text: bytes) -> str:
    words = text[:SHOWN_BYTES].decode(errors="replace")
    return words if len(text) <= SHOWN_BYTES else f"{words}..."
