"""The layouts of `ouch_layout` as the arrays that kernels read: where each byte of a message lies in its record.

A record holds integers little-endian and a message big-endian, so a field is a run of bytes, turned around or not. One table of places
therefore serves both ways: to decode is to move each byte to its place, to encode is to fetch it from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harness.base.records import Int64Array
from harness.wire.ouch_layout import (
    FORMS,
    LENGTH_PRESENT,
    REPLIES,
    REPLY,
    REQUEST,
    REQUESTS,
    TAGS,
    Appendage,
    Message,
    width,
)
from harness.wire.soup_kernel import HEADER_BYTES

PRESENT_AT, TYPE_AT = 0, 4
"""Where `present` and `type` lie in every record."""
APPENDAGE_HEAD = 2
"""The length of an appendage."""
ELEMENT_HEAD = 2
"""Length and tag of an element."""
TAG_BITS = 29
"""Tags are below it: bits of `present`."""


class Tables(NamedTuple):
    """The messages of one direction. Number 0 is no message, and tag 0 is no tag."""

    numbers: npt.NDArray[np.uint8]
    """The number of a message by its type's character; 0: none."""
    sizes: Int64Array
    """By number: how many bytes up to the length of the appendage."""
    appendages: Int64Array
    allowed: Int64Array
    """The bits of `present` that a message may have."""
    places: npt.NDArray[np.uint8]
    """By number and byte of a message: which byte of the record it is."""
    tag_sizes: Int64Array
    """How many bytes a tag's value has; 0: no such tag."""
    tag_places: npt.NDArray[np.uint8]


class Direction(NamedTuple):
    """All that is known of the messages that go one way."""

    record: np.dtype[np.void]
    tables: Tables
    most_bytes: int
    """The longest packet that a record can become."""


def _direction(messages: Sequence[Message], record: np.dtype[np.void]) -> Direction:
    """Number the messages from 1 on."""
    count, longest = len(messages) + 1, max(each.size() for each in messages)
    tables = Tables(
        numbers=np.zeros(256, np.uint8), sizes=np.zeros(count, np.int64), appendages=np.zeros(count, np.int64),
        allowed=np.zeros(count, np.int64), places=np.zeros((count, longest), np.uint8),
        tag_sizes=np.zeros(256, np.int64), tag_places=np.zeros((TAG_BITS, 8), np.uint8),
    )  # fmt: skip
    for number, message in enumerate(messages, 1):
        tables.numbers[ord(message.type)] = number
        tables.sizes[number] = message.size()
        tables.appendages[number] = message.appendage
        tables.allowed[number] = _allowed(message)
        for name, offset in message.offsets().items():
            places = _places(name, record)
            tables.places[number, offset : offset + len(places)] = places
    for tag in sorted({tag for each in messages for tag in each.tags}):
        places = _places(TAGS[tag], record)
        tables.tag_sizes[tag] = len(places)
        tables.tag_places[tag, : len(places)] = places
    return Direction(record, tables, max(map(_longest, messages)))


def _allowed(message: Message) -> int:
    if message.appendage == Appendage.NEVER:
        return 0
    return LENGTH_PRESENT | sum(1 << tag for tag in message.tags)


def _places(name: str, record: np.dtype[np.void]) -> list[int]:
    """The bytes of a field in the record, in the order of the wire."""
    form = FORMS[name]
    start = {field: at for field, (_, at, *_) in (record.fields or {}).items()}[name]
    places = list(range(start, start + width(form)))
    return places[::-1] if form.is_number else places


def _longest(message: Message) -> int:
    """The bytes of its packet with every tag that it may have."""
    elements = sum(ELEMENT_HEAD + width(FORMS[TAGS[tag]]) for tag in message.tags)
    return HEADER_BYTES + message.size() + APPENDAGE_HEAD + elements


REQUEST_DIRECTION = _direction(REQUESTS, REQUEST)
REPLY_DIRECTION = _direction(REPLIES, REPLY)
