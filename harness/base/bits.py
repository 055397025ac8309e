"""Digests of arrays: one place, so that engine, model and evidence hash the same bytes."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from harness.base.records import EVENT

BOOK_ROW = np.dtype(
    [("instrument", "<u4"), ("side", "u1"), ("price", "<i8"), ("place", "<u4"), ("order", "<u8"), ("remaining", "<i8")]
)
"""One resting order of a book snapshot, packed, 33 bytes. `place` counts from 0 at the front of the queue."""

BookRows = npt.NDArray[np.void]


def book_rows(rows: list[tuple[int, int, int, int, int, int]]) -> BookRows:
    """The rows as one array in digest order: by instrument, side, price, place."""
    book = np.array(rows, dtype=BOOK_ROW)
    return book[np.lexsort((book["place"], book["price"], book["side"], book["instrument"]))]


def digest(records: npt.NDArray[np.void]) -> str:
    """BLAKE2b-128 of the records' bytes, in hex."""
    return blake2b(np.ascontiguousarray(records).tobytes(), digest_size=16).hexdigest()


def timeless(events: npt.NDArray[np.void]) -> npt.NDArray[np.void]:
    """A copy without the two fields in which right runs of one flow may differ: engine and receive time."""
    # Field by field into zeros: numpy leaves chance bytes in a record's padding, and a digest would see them.
    copy = np.zeros(len(events), EVENT)
    for field in EVENT.names or ():
        if field not in ("engine_ns", "received_ns"):
            copy[field] = events[field]
    return copy
