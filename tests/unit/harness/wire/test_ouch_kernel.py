"""The kernels by themselves: codes are pinned, since a session's log tells them, and nothing is written beyond what was asked for."""

import numpy as np

from harness.wire.ouch_kernel import Defect, decode, encode
from harness.wire.ouch_tables import REQUEST_DIRECTION, TYPE_AT

TABLES, BYTES = REQUEST_DIRECTION.tables, REQUEST_DIRECTION.record.itemsize


def test_codes_do_not_move():
    assert [each.name for each in Defect] == [
        "NONE", "EMPTY", "UNKNOWN_TYPE", "TOO_SHORT", "TOO_LONG", "APPENDAGE_LENGTH", "ELEMENT_CUT", "TAG_SIZE", "TAG_TWICE",
    ]  # fmt: skip
    assert list(map(int, Defect)) == list(range(9))


def test_rows_and_bytes_beyond_are_let_be():
    rows, defects = np.zeros((3, BYTES), np.uint8), np.full(3, 77, np.uint8)
    read = decode(TABLES, np.frombuffer(b"Q", np.uint8), np.array([(85, 0, 1)], np.int64), rows, defects)
    assert read == 1
    assert defects.tolist() == [Defect.NONE, 77, 77]
    assert rows.nonzero()[0].tolist() == [0]
    told = np.full(8, 77, np.uint8)
    assert encode(TABLES, ord("U"), rows[:1], told) == 4
    assert told.tolist() == [0, 2, ord("U"), ord("Q"), 77, 77, 77, 77]


def test_the_first_record_that_is_no_message_is_named():
    rows = np.zeros((3, BYTES), np.uint8)
    rows[0, TYPE_AT] = ord("Q")
    assert encode(TABLES, ord("U"), rows, np.zeros(99, np.uint8)) == -2
