"""FIX 4.4 on the wire: bytes <-> messages, with what is garbled left out, as the session layer has it.

simplefix writes body length and checksum, and takes fields apart, also those that hold data with SOH in it. Where a message begins and ends is
found here, since simplefix looks at neither length nor checksum.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import simplefix

from harness.wire.fix_tags import YES, Tag

VERSION = "FIX.4.4"
START = b"8=FIX.4.4\x019="
BODY_MOST = 2**16
"""Bytes of a body. What claims to be longer is garbled."""
TRAILER_BYTES = len(b"10=000\x01")
LENGTH = re.compile(rb"([1-9]\d{0,5})\x01")
LENGTH_BYTES = 7
TRAILER = re.compile(rb"10=(\d{3})\x01")
FRAMING = (Tag.BEGIN_STRING, Tag.BODY_LENGTH, Tag.MSG_TYPE, Tag.CHECK_SUM)

Fields: TypeAlias = tuple[tuple[int, str], ...]
"""Tags and their values, in order."""


class Message(NamedTuple):
    """One message; its fields are all but those that frame it (8, 9, 35 and 10). Tag 0 stands for what is no number."""

    kind: str
    fields: Fields

    def get(self, tag: int) -> str | None:
        """The first value of a field; None where it is not there."""
        return next((value for one, value in self.fields if one == tag), None)

    def number(self, tag: int = Tag.MSG_SEQ_NUM) -> int | None:
        """A field that counts; None where it is not there, or is no count."""
        value = self.get(tag)
        return int(value) if value and value.isascii() and value.isdigit() else None

    def says(self, tag: int) -> bool:
        """Whether a flag is set."""
        return self.get(tag) == YES


class Found(NamedTuple):
    """What a buffer holds."""

    messages: list[Message]
    used: int
    """How many bytes are done with; what is behind them has only begun."""
    garbled: int
    """How often there was something between that is no message."""
    garbled_at: int | None = None
    """Where the first such thing begins."""


def encode(kind: str, fields: Sequence[tuple[int, str]]) -> bytes:
    """A whole message."""
    made = simplefix.FixMessage()
    made.append_pair(Tag.BEGIN_STRING.value, VERSION)
    made.append_pair(Tag.MSG_TYPE.value, str(kind))
    for tag, value in fields:
        made.append_pair(int(tag), value.encode("latin-1", "replace"))
    encoded: bytes = made.encode()
    return encoded


def split(buffer: bytes) -> Found:
    """The whole messages of a buffer."""
    messages: list[Message] = []
    at = garbled = 0
    garbled_at = None
    while at < len(buffer):
        end = _end_of(buffer, at)
        if end is None:
            break
        if end > at:
            messages.append(_message(buffer[at:end]))
            at = end
        else:
            garbled_at = at if garbled_at is None else garbled_at
            garbled += 1
            at = _next_start(buffer, at)
    return Found(messages, at, garbled, garbled_at)


def _end_of(buffer: bytes, at: int) -> int | None:
    """Where the message that begins here ends; here: it is garbled; None: it has only begun."""
    head = buffer[at : at + len(START)]
    if head != START:
        return None if START.startswith(head) else at
    body_at = at + len(START)
    length = LENGTH.match(buffer, body_at)
    if length is None:
        is_begun = len(buffer) < body_at + LENGTH_BYTES and b"\x01" not in buffer[body_at:]
        return None if is_begun else at
    end = length.end() + int(length[1])
    if int(length[1]) > BODY_MOST:
        return at
    if len(buffer) < end + TRAILER_BYTES:
        # Where the next message is there already, this one's length is wrong.
        return at if b"\x01" + START in buffer[at:] else None
    trailer = TRAILER.fullmatch(buffer, end, end + TRAILER_BYTES)
    is_whole = trailer is not None and int(trailer[1]) == sum(buffer[at:end]) % 256
    return end + TRAILER_BYTES if is_whole and buffer.startswith(b"35=", length.end()) else at


def _next_start(buffer: bytes, at: int) -> int:
    """Where a message may begin behind this place: behind an SOH, or at the end, but for what may be a start cut off."""
    found = buffer.find(b"\x01" + START, at)
    if found >= 0:
        return found + 1
    tail = next((size for size in range(len(START), 0, -1) if buffer.endswith(b"\x01" + START[:size])), 0)
    return max(len(buffer) - tail, at + 1)


def _message(whole: bytes) -> Message:
    """A message whose frame is right."""
    pairs = _pairs(whole)
    kind = next(value for tag, value in pairs if tag == Tag.MSG_TYPE)
    return Message(kind, tuple((tag, value) for tag, value in pairs if tag not in FRAMING))


def _pairs(whole: bytes) -> list[tuple[int, str]]:
    parser = simplefix.FixParser(allow_empty_values=True)
    parser.append_buffer(whole)
    try:
        parsed = parser.get_message()
    except simplefix.errors.ParsingError:
        parsed = None
    if parsed is None or parser.get_buffer():
        return _plain_pairs(whole)
    return [(int(tag), value.decode("latin-1")) for tag, value in parsed.pairs]


def _plain_pairs(whole: bytes) -> list[tuple[int, str]]:
    """The fields of a message that simplefix cannot take apart, so that it can be refused by its number."""
    pairs = (field.partition(b"=") for field in whole.split(b"\x01")[:-1])
    return [(int(tag) if tag.isdigit() else 0, value.decode("latin-1")) for tag, _, value in pairs]
