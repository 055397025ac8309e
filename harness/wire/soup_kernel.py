"""Packets of SoupBinTCP found in a stream, and headers put around messages: whole buffers in one call, no Python object a packet."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from harness.base.kernels import compiled
from harness.base.records import Int64Array

Bytes = npt.NDArray[np.uint8]
S = np.int64

TYPE, START, END, COLUMNS = range(4)
"""Columns of packets: the type's character, and where in the buffer the payload lies."""
LENGTH_BYTES = 2
HEADER_BYTES = 3
"""Length and type. The length counts the type and the payload, never itself."""
NOWHERE = -1


def _split(stream: Bytes, packets: Int64Array) -> tuple[int, int, int]:
    """Fill in the whole packets; how many there are, how many bytes they take, and where a length of 0 stands, if one does."""
    at: Any = 0
    count = 0
    while at + LENGTH_BYTES <= len(stream):
        length = (S(stream[at]) << 8) | S(stream[at + 1])
        if length == 0:
            return count, at, at
        end = at + LENGTH_BYTES + length
        if end > len(stream):
            break
        packets[count, TYPE] = stream[at + LENGTH_BYTES]
        packets[count, START] = at + HEADER_BYTES
        packets[count, END] = end
        count += 1
        at = end
    return count, at, NOWHERE


split = compiled(_split)


def _put_header(told: Bytes, at: Any, packet_type: Any, length: Any) -> None:
    """The header of a packet whose payload has so many bytes."""
    told[at] = (length + 1) >> 8
    told[at + 1] = (length + 1) & 0xFF
    told[at + 2] = packet_type


put_header = compiled(_put_header, inner=True)


def _frame(packet_type: int, messages: Bytes, ends: Int64Array, told: Bytes) -> None:
    """Put a header before each message; the messages lie one after another."""
    start, at = 0, 0
    for row in range(len(ends)):
        end = ends[row]
        put_header(told, at, packet_type, end - start)
        at += HEADER_BYTES
        for place in range(start, end):
            told[at] = messages[place]
            at += 1
        start = end


frame = compiled(_frame)
