"""Nasdaq OUCH 5.0: the messages of a receive buffer as records, and records as packets of SoupBinTCP, ready to be sent.

Whole arrays go in and come out. A message that cannot be decoded is told, with what is wrong with it, and its record stays empty: nothing
is guessed. What a field means is not looked at: a side that is no side comes through, for the venue to refuse. Decoding what was
encoded gives the same records, as long as fields that a message does not have are 0; encoding what was decoded gives the same bytes, as
long as the tags came in their order and were all known.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from harness.base.records import Int64Array
from harness.wire import ouch_kernel
from harness.wire.ouch_kernel import Defect
from harness.wire.ouch_tables import REPLY_DIRECTION, REQUEST_DIRECTION, Direction
from harness.wire.soup import Buffer, PacketType, bytes_of
from harness.wire.soup_kernel import Bytes

Records: TypeAlias = npt.NDArray[np.void]
"""An array of `REQUEST` or of `REPLY` records, shape (n,)."""


class Decoded(NamedTuple):
    """One row a packet."""

    records: Records
    """Empty (of type 0) where the message is malformed."""
    defects: Bytes
    """A `Defect` each."""


def decode_requests(stream: Buffer, packets: Int64Array) -> Decoded:
    """What a client sent: the payloads of unsequenced packets, as `soup.split` found them in the stream."""
    return _decoded(REQUEST_DIRECTION, stream, packets)


def decode_replies(stream: Buffer, packets: Int64Array) -> Decoded:
    """What a venue sent: the payloads of sequenced packets, as `soup.split` found them in the stream."""
    return _decoded(REPLY_DIRECTION, stream, packets)


def encode_requests(records: Records) -> Bytes:
    """Unsequenced packets, one a record."""
    return _encoded(REQUEST_DIRECTION, PacketType.UNSEQUENCED, records)


def encode_replies(records: Records) -> Bytes:
    """Sequenced packets, one a record."""
    return _encoded(REPLY_DIRECTION, PacketType.SEQUENCED, records)


def word(text: str, characters: int) -> int:
    """A symbol (8 characters) or a firm (4), padded on the right, as the word that records hold."""
    raw = text.encode("ascii")
    if len(raw) > characters:
        raise ValueError(f"{text!r} has more than {characters} characters")
    return int.from_bytes(raw.ljust(characters), "little")


def text_of(word: int, characters: int) -> str:
    """The symbol or firm that a word holds; what is no ASCII is told as its code."""
    return word.to_bytes(characters, "little").decode("ascii", "backslashreplace").rstrip(" ")


def _decoded(direction: Direction, stream: Buffer, packets: Int64Array) -> Decoded:
    view = bytes_of(stream)
    records = np.zeros(len(packets), direction.record)
    defects = np.full(len(packets), Defect.NONE, np.uint8)
    read = ouch_kernel.decode(direction.tables, view, np.ascontiguousarray(packets), _rows(records), defects)
    if read < len(packets):
        raise ValueError(f"packet {read}, {packets[read].tolist()}, is not of this buffer of {len(view)} bytes")
    return Decoded(records, defects)


def _encoded(direction: Direction, packet_type: PacketType, records: Records) -> Bytes:
    told = np.empty(len(records) * direction.most_bytes, np.uint8)
    whole = np.ascontiguousarray(records, direction.record)
    size = ouch_kernel.encode(direction.tables, int(packet_type), _rows(whole), told)
    if size < 0:
        wrong = whole[-1 - size]
        raise ValueError(
            f"record {-1 - size}, of type {chr(wrong['type'])!r} with the tags {int(wrong['present']):#x}, is no message"
        )
    return told[:size]


def _rows(records: Records) -> ouch_kernel.Rows:
    return records.view(np.uint8).reshape(len(records), records.dtype.itemsize)
