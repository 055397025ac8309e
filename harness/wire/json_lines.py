"""Commands and events as JSON, one object a line: the protocol of docs/json-lines.md, for engines in any language.

Whole buffers are decoded at once, wherever the stream was cut. Only a buffer with something else in it than events (or commands) is walked
line by line, to tell which line is wrong and why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, get_args

import msgspec
import numpy as np
import numpy.typing as npt

from harness.base.records import COMMAND, EVENT, NONE, Commands, Events
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


def encode_message(message: Message) -> bytes:
    """One line."""
    return msgspec.json.encode(message) + b"\n"


def encode_commands(commands: Commands) -> bytes:
    """A line each."""
    columns = _columns(commands, "number", "order", "target", "price", "stop", "qty", "min_qty", "display", "expiry_ns")
    columns += _columns(commands, "instrument", "account", "session")
    words = _in_words(commands, {"kind": KINDS, "type": TYPES, "tif": TIFS, "side": SIDES, "flags": FLAGS})
    return _encoded(map(CommandLine, words[0], *columns, *words[1:]))


def encode_events(events: Events) -> bytes:
    """A line each."""
    columns = _columns(events, "command", "order", "new_order", "maker", "match", "price", "qty", "remaining")
    columns += _columns(events, "engine_seq", "engine_ns", "instrument", "account", "session")
    words = _in_words(events, {"kind": EVENTS, "reason": REASONS, "side": SIDES, "role": ROLES, "channel": CHANNELS})
    return _encoded(map(EventLine, words[0], *columns, *words[1:]))


def decode_commands(buffer: bytes) -> Lines:
    """What gonogo says to an engine."""
    return _COMMANDS.decode(buffer)


def decode_events(buffer: bytes) -> Lines:
    """What an engine says to gonogo."""
    return _EVENTS.decode(buffer)


def _columns(records: npt.NDArray[np.void], *names: str) -> list[list[int]]:
    """Columns as Python integers; what is absent is the very object that the lines know as such, so that they leave it out."""
    return [[NONE if value == NONE else value for value in records[name].tolist()] for name in names]


def _in_words(records: npt.NDArray[np.void], tables: dict[str, Words]) -> list[list[str]]:
    return [[words.of_code[code] for code in records[name].tolist()] for name, words in tables.items()]


def _encoded(lines: Iterable[CommandLine | EventLine]) -> bytes:
    # A list: msgspec (0.22) never lets go of an iterator that it is given here, nor of all that hangs on it.
    return msgspec.json.Encoder().encode_lines(list(lines))


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
        self, line: type[msgspec.Struct], row: Callable[[Any], tuple[int, ...]], dtype: np.dtype[np.void], words: Words, messages: Any
    ) -> None:  # fmt: skip
        self._records = msgspec.json.Decoder(line)
        self._messages = msgspec.json.Decoder(messages)
        self._kinds = msgspec.json.Decoder(_Kind)
        self._names = {str(each.__struct_config__.tag) for each in get_args(messages)}
        self._row, self._dtype, self._words = row, dtype, words

    def decode(self, buffer: bytes) -> Lines:
        used = buffer.rfind(b"\n") + 1
        whole = buffer[:used]
        try:
            # Not msgspec's `decode_lines`: it takes two objects on one line, and one on two.
            lines = list(map(self._records.decode, whole.split(b"\n")[:-1]))
            read = Lines(self._array(lines), (), (), used)
        except (*NO_MESSAGE, KeyError):
            read = self._one_by_one(whole)
        if len(buffer) - used > LINE_MOST:
            endless = Wrong(whole.count(b"\n") + 1, f"a line of more than {LINE_MOST} bytes")
            return read._replace(wrong=(*read.wrong, endless))
        return read

    def _array(self, lines: Sequence[msgspec.Struct]) -> npt.NDArray[np.void]:
        return np.array([self._row(line) for line in lines], self._dtype)

    def _one_by_one(self, whole: bytes) -> Lines:
        records, messages, wrong = [], [], []
        for number, text in enumerate(whole.split(b"\n"), 1):
            if not text.strip():
                continue
            try:
                kind = self._kinds.decode(text).type
                if kind in self._words.codes:
                    records.append(self._array([self._records.decode(text)]))
                else:
                    messages.append(self._message(kind, text))
            except NO_MESSAGE as error:
                wrong.append(Wrong(number, str(error)))
            except KeyError as error:
                wrong.append(Wrong(number, f"{error} is no word of this protocol"))
        return Lines(np.concatenate([np.zeros(0, self._dtype), *records], dtype=self._dtype), tuple(messages), tuple(wrong), len(whole))  # fmt: skip

    def _message(self, kind: str, text: bytes) -> Message:
        if kind not in self._names:
            raise KeyError(f"type {kind}")
        message: Message = self._messages.decode(text)
        return message


_COMMANDS = _Reader(CommandLine, _command_row, COMMAND, KINDS, ToEngine)
_EVENTS = _Reader(EventLine, _event_row, EVENT, EVENTS, FromEngine)
