"""Commands and events as JSON, one object a line: the protocol of docs/json-lines.md, for engines in any language.

Whole buffers are decoded at once, wherever the stream was cut, and written at once: by kernels, which read every line of a common form. What else
there is, messages and whatever is wrong, msgspec reads line by line, and tells which line is wrong and why.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, get_args

import msgspec
import numpy as np
import numpy.typing as npt

from harness.base.records import NONE, RECORD_BYTES, Commands, Events
from harness.wire.json_messages import (
    CHANNELS,
    EVENTS,
    FLAGS,
    KINDS,
    REASONS,
    ROLES,
    SIDES,
    TIFS,
    TYPES,
    CommandLine,
    EventLine,
    FromEngine,
    Message,
    ToEngine,
    Words,
)
from harness.wire.json_read_kernel import Reading, read
from harness.wire.json_tables import COMMAND_LINES, EVENT_LINES, Direction
from harness.wire.json_write_kernel import write

LINE_MOST = 1 << 24
"""A line that goes on for longer is told as wrong: whoever writes it has lost the thread."""
NO_MESSAGE = (msgspec.MsgspecError, UnicodeDecodeError, OverflowError, RecursionError)
"""What decoding raises: not of this form, no UTF-8, a number that no record holds, brackets without end."""


class Wrong(NamedTuple):
    """A line that is no message."""

    line: int
    """From 1 on, within the buffer."""
    reason: str


class Lines(NamedTuple):
    """The whole lines of a buffer."""

    records: npt.NDArray[np.void]
    """Commands or events, in their order."""
    messages: tuple[Message, ...]
    """All else that is right. What stood before what is not told: who asks waits for the answer before the next line."""
    wrong: tuple[Wrong, ...]
    used: int
    """How many bytes the lines take; what lies behind is the beginning of the next one."""
    lines: int
    """How many lines these are."""


def encode_message(message: Message) -> bytes:
    """One line."""
    return msgspec.json.encode(message) + b"\n"


def encode_commands(commands: Commands) -> bytes:
    """A line each."""
    return _encoded(COMMAND_LINES, commands)


def encode_events(events: Events) -> bytes:
    """A line each."""
    return _encoded(EVENT_LINES, events)


def decode_commands(buffer: bytes) -> Lines:
    """What gonogo says to an engine."""
    return _COMMANDS.decode(buffer)


def decode_events(buffer: bytes) -> Lines:
    """What an engine says to gonogo."""
    return _EVENTS.decode(buffer)


def _encoded(direction: Direction, records: npt.NDArray[np.void]) -> bytes:
    rows = np.ascontiguousarray(records, direction.record).view(np.uint8).reshape(len(records), RECORD_BYTES)
    # So that the kernel is compiled for one kind of array only.
    rows.flags.writeable = False
    told = np.empty(len(records) * direction.most_bytes, np.uint8)
    return told[: write(direction.tables, rows, told)].tobytes()


def _command_row(line: CommandLine) -> tuple[int, ...]:
    return (
        line.number, line.order, line.target, line.price, line.stop, line.qty, line.min_qty, line.display, line.expiry_ns, NONE, NONE,
        line.instrument, line.account, line.session, KINDS.codes[line.type], TYPES.codes[line.order_type], TIFS.codes[line.tif],
        SIDES.codes[line.side], FLAGS.codes[line.flags],
    )  # fmt: skip


def _event_row(line: EventLine) -> tuple[int, ...]:
    return (
        line.command, line.order, line.new_order, line.maker, line.match, line.price, line.qty, line.remaining, line.engine_seq,
        line.engine_ns, NONE, line.instrument, line.account, line.session, REASONS.codes[line.reason], EVENTS.codes[line.type],
        SIDES.codes[line.side], ROLES.codes[line.role], CHANNELS.codes[line.channel],
    )  # fmt: skip


class _Kind(msgspec.Struct):
    """The type of any line."""

    type: str


class _Reader:
    """Reads the lines of one direction."""

    def __init__(
        self, line: type[msgspec.Struct], row: Callable[[Any], tuple[int, ...]], direction: Direction, words: Words, messages: Any
    ) -> None:  # fmt: skip
        self._records = msgspec.json.Decoder(line)
        self._messages = msgspec.json.Decoder(messages)
        self._kinds = msgspec.json.Decoder(_Kind)
        self._names = {str(each.__struct_config__.tag) for each in get_args(messages)}
        self._row, self._direction, self._words = row, direction, words

    def decode(self, buffer: bytes) -> Lines:
        used = buffer.rfind(b"\n") + 1
        stream = np.frombuffer(buffer, np.uint8)[:used]
        records = np.zeros(buffer.count(b"\n"), self._direction.record)
        work = Reading(self._direction.tables, stream, records.view(np.uint8).reshape(len(records), RECORD_BYTES))
        messages: list[Message] = []
        wrong: list[Wrong] = []
        at = count = line = 0
        while at < used:
            before = count
            count, at = read(work, at, count)
            line += count - before
            if at < used:
                end = buffer.index(b"\n", at)
                line += 1
                odd = self._odd(buffer[at:end])
                at = end + 1
                if isinstance(odd, np.ndarray):
                    records[count : count + 1] = odd
                    count += 1
                elif isinstance(odd, str):
                    wrong.append(Wrong(line, odd))
                elif odd is not None:
                    messages.append(odd)
        if len(buffer) - used > LINE_MOST:
            wrong.append(Wrong(line + 1, f"a line of more than {LINE_MOST} bytes"))
        return Lines(records[:count], tuple(messages), tuple(wrong), used, line)

    def _odd(self, text: bytes) -> npt.NDArray[np.void] | Message | str | None:
        """A line that is not of the common form: the one record in it, a message, what is wrong with it, or nothing."""
        if not text.strip():
            return None
        try:
            kind = self._kinds.decode(text).type
            if kind in self._words.codes:
                return np.array([self._row(self._records.decode(text))], self._direction.record)
            return self._message(kind, text)
        except NO_MESSAGE as error:
            return str(error)
        except KeyError as error:
            return f"{error} is no word of this protocol"

    def _message(self, kind: str, text: bytes) -> Message:
        if kind not in self._names:
            raise KeyError(f"type {kind}")
        message: Message = self._messages.decode(text)
        return message


_COMMANDS = _Reader(CommandLine, _command_row, COMMAND_LINES, KINDS, ToEngine)
_EVENTS = _Reader(EventLine, _event_row, EVENT_LINES, EVENTS, FromEngine)
