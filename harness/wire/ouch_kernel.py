"""OUCH messages to records and back, as kernels: many packets in one call.

A message is looked at to its end before it counts. What is wrong with one is told by a code, and its record is left empty.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from harness.base.kernels import compiled
from harness.base.records import Int64Array
from harness.wire.ouch_layout import LENGTH_PRESENT, OTHERS_PRESENT, Appendage
from harness.wire.ouch_tables import APPENDAGE_HEAD, ELEMENT_HEAD, PRESENT_AT, TAG_BITS, TYPE_AT, Tables
from harness.wire.soup_kernel import END, HEADER_BYTES, START, Bytes, put_header

Rows = npt.NDArray[np.uint8]
"""Records as their bytes, shape (n, bytes of a record)."""
S = np.int64
ALWAYS, NEVER = int(Appendage.ALWAYS), int(Appendage.NEVER)
PRESENT_BYTES = 4


class Defect(IntEnum):
    """What is wrong with a message. What it holds may still mean nothing: that is for its reader to say."""

    NONE = 0
    EMPTY = 1
    UNKNOWN_TYPE = 2
    TOO_SHORT = 3
    TOO_LONG = 4
    """Bytes behind a message that has no appendage."""
    APPENDAGE_LENGTH = 5
    """It is not what is left of the message."""
    ELEMENT_CUT = 6
    """An element of the appendage without a tag, or that goes on behind the message."""
    TAG_SIZE = 7
    """A value that has not as many bytes as its tag asks for."""
    TAG_TWICE = 8
    """Which of the two values holds, nobody says."""


FINE, EMPTY, UNKNOWN_TYPE, TOO_SHORT, TOO_LONG, APPENDAGE_LENGTH, ELEMENT_CUT, TAG_SIZE, TAG_TWICE = map(int, Defect)


def _decode(tables: Tables, stream: Bytes, packets: Int64Array, told: Rows, defects: Bytes) -> Any:
    """Fill in a record a packet; the records must come empty. How many packets were read: fewer, if one lies outside the stream."""
    for row in range(len(packets)):
        if packets[row, START] < 0 or packets[row, START] > packets[row, END] or packets[row, END] > len(stream):
            return row
        defect = decode_one(tables, stream, packets, told, row)
        defects[row] = defect
        if defect != FINE:
            for place in range(told.shape[1]):
                told[row, place] = 0
    return len(packets)


def _decode_one(tables: Tables, stream: Bytes, packets: Int64Array, told: Rows, row: Any) -> Any:
    start, end = packets[row, START], packets[row, END]
    if start == end:
        return EMPTY
    message = S(tables.numbers[stream[start]])
    if message == 0:
        return UNKNOWN_TYPE
    if end - start < tables.sizes[message]:
        return TOO_SHORT
    for at in range(tables.sizes[message]):
        told[row, tables.places[message, at]] = stream[start + at]
    return read_rest(tables, stream, packets, told, row)


def _read_rest(tables: Tables, stream: Bytes, packets: Int64Array, told: Rows, row: Any) -> Any:
    """What stands behind the fields: nothing, or an appendage with its length."""
    message = S(tables.numbers[stream[packets[row, START]]])
    left = packets[row, END] - packets[row, START] - tables.sizes[message]
    appendage = tables.appendages[message]
    if left == 0:
        return TOO_SHORT if appendage == ALWAYS else FINE
    if appendage == NEVER:
        return TOO_LONG
    if left < APPENDAGE_HEAD:
        return TOO_SHORT
    return read_appendage(tables, stream, packets, told, row)


def _read_appendage(tables: Tables, stream: Bytes, packets: Int64Array, told: Rows, row: Any) -> Any:
    """Put each tag in its place; those that the message does not list are passed over, which `present` tells."""
    start, end = packets[row, START], packets[row, END]
    message = S(tables.numbers[stream[start]])
    at = start + tables.sizes[message] + APPENDAGE_HEAD
    if (S(stream[at - 2]) << 8 | S(stream[at - 1])) != end - at:
        return APPENDAGE_LENGTH
    present: Any = LENGTH_PRESENT
    while at < end:
        length = S(stream[at])
        if length == 0 or at + 1 + length > end:
            return ELEMENT_CUT
        tag = S(stream[at + 1])
        if tables.tag_sizes[tag] == 0 or (tables.allowed[message] >> tag) & 1 == 0:
            present |= OTHERS_PRESENT
        elif (present >> tag) & 1 != 0:
            return TAG_TWICE
        elif length - 1 != tables.tag_sizes[tag]:
            return TAG_SIZE
        else:
            present |= 1 << tag
            for place in range(length - 1):
                told[row, tables.tag_places[tag, place]] = stream[at + ELEMENT_HEAD + place]
        at += 1 + length
    for place in range(PRESENT_BYTES):
        told[row, PRESENT_AT + place] = (present >> (8 * place)) & 0xFF
    return FINE


read_appendage = compiled(_read_appendage, inner=True)
read_rest = compiled(_read_rest, inner=True)
decode_one = compiled(_decode_one, inner=True)
decode = compiled(_decode)


def _encode(tables: Tables, packet_type: int, records: Rows, told: Bytes) -> Any:
    """Write each record as a packet; how many bytes they take, or -1 less the row of the first that is no message."""
    at = S(0)
    for row in range(len(records)):
        message = S(tables.numbers[records[row, TYPE_AT]])
        present = present_of(records, row)
        if message == 0 or present & ~tables.allowed[message] != 0:
            return -1 - row
        start = at + HEADER_BYTES
        at = start + tables.sizes[message]
        for place in range(tables.sizes[message]):
            told[start + place] = records[row, tables.places[message, place]]
        if present != 0 or tables.appendages[message] == ALWAYS:
            at = put_appendage(tables, records, row, told, at)
        put_header(told, start - HEADER_BYTES, packet_type, at - start)
    return at


def _present_of(records: Rows, row: Any) -> Any:
    present = S(0)
    for place in range(PRESENT_BYTES):
        present |= S(records[row, PRESENT_AT + place]) << (8 * place)
    return present


def _put_appendage(tables: Tables, records: Rows, row: Any, told: Bytes, at: Any) -> Any:
    """Write the tags in their order; the place behind them."""
    start, present = at + APPENDAGE_HEAD, present_of(records, row)
    at = start
    for tag in range(1, TAG_BITS):
        if (present >> tag) & 1 != 0:
            size = tables.tag_sizes[tag]
            told[at] = size + 1
            told[at + 1] = tag
            for place in range(size):
                told[at + ELEMENT_HEAD + place] = records[row, tables.tag_places[tag, place]]
            at += ELEMENT_HEAD + size
    told[start - 2] = (at - start) >> 8
    told[start - 1] = (at - start) & 0xFF
    return at


present_of = compiled(_present_of, inner=True)
put_appendage = compiled(_put_appendage, inner=True)
encode = compiled(_encode)
