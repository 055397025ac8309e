"""Where each request lies: rows in the order in which they came, and a table that finds them by port and number."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harness.base.kernels import compiled
from harness.base.records import Int64Array
from harness.wire.ouch_layout import REQUEST

S, U8 = np.int64, np.uint64
WORDS = REQUEST.itemsize // 8
Words = npt.NDArray[np.uint64]
_PLACES = {name: place[1] for name, place in (REQUEST.fields or {}).items()}
NUMBER_WORD, NUMBER_MASK = _PLACES["user_ref_num"] // 8, U8(2**32 - 1)
"""The number fills the lower half of its word."""
QUERY_WORD, QUERY = _PLACES["type"] // 8, U8(ord("Q") << 8 * (_PLACES["type"] % 8))
"""The type of a request that needs no number."""
PORT_WORD, PORT_AT, PORT_MASK = _PLACES["user_ref_idx"] // 8, U8(16), U8(2**16 - 1)
"""The port has two bytes of the padding behind the last field, in the last word. It is written last: a row without was cut off in the middle."""
FIELDS_MASK = U8(2**16 - 1)


class Kept(NamedTuple):
    """All requests."""

    words: Words
    """The rows, shape (room, WORDS)."""
    rows: npt.NDArray[np.int32]
    """By slot and number; 0: none came."""
    slots: Int64Array
    """By port; -1: it is not kept."""
    ports: Int64Array
    """By slot."""
    used: Int64Array
    """One number: how many rows are, with row 0."""


def _row_for(kept: Kept, slot: Any, number: Any) -> Any:
    """The row of a request, or a new one."""
    row: Any = S(kept.rows[slot, number])
    if row == 0:
        row = kept.used[0]
        kept.used[0] += 1
        kept.rows[slot, number] = row
    return row


row_for = compiled(_row_for, inner=True)


def _put(kept: Kept, given: Words, slots: Int64Array, numbers: Int64Array) -> None:
    """Put requests in; one that is there already is overwritten."""
    for place in range(len(given)):
        row = row_for(kept, slots[place], numbers[place])
        for word in range(PORT_WORD):
            kept.words[row, word] = given[place, word]
        kept.words[row, PORT_WORD] = (given[place, PORT_WORD] & FIELDS_MASK) | U8(kept.ports[slots[place]]) << PORT_AT


put = compiled(_put)


def _find(kept: Kept, ports: Int64Array, numbers: Int64Array, rows: Int64Array) -> None:
    """The row of each; a blank one is made where nothing came."""
    for place in range(len(ports)):
        number = numbers[place]
        slot = kept.slots[ports[place]] if 0 <= ports[place] < len(kept.slots) else S(-1)
        rows[place] = -1
        if slot < 0 or number >= kept.rows.shape[1]:
            continue
        is_new = kept.rows[slot, number] == 0
        row = row_for(kept, slot, number)
        rows[place] = row
        if is_new:
            for word in range(PORT_WORD):
                kept.words[row, word] = U8(0)
            if number == 0:
                kept.words[row, QUERY_WORD] = QUERY
            kept.words[row, NUMBER_WORD] = U8(number)
            kept.words[row, PORT_WORD] = U8(ports[place]) << PORT_AT


find = compiled(_find)


def _index(kept: Kept, held: int) -> None:
    """Find again what lies in the first rows. Of a number that is there twice the later row counts."""
    for row in range(1, held):
        port = S(kept.words[row, PORT_WORD] >> PORT_AT & PORT_MASK)
        if port == 0:
            continue
        kept.used[0] = row + 1
        slot, number = kept.slots[port], S(kept.words[row, NUMBER_WORD] & NUMBER_MASK)
        if slot >= 0 and number < kept.rows.shape[1]:
            kept.rows[slot, number] = row


index = compiled(_index)


def _owners(words: Words, rows: Int64Array, ports: Int64Array) -> None:
    """The port that each row is of."""
    for place in range(len(rows)):
        ports[place] = S(words[rows[place], PORT_WORD] >> PORT_AT & PORT_MASK)


owners = compiled(_owners)
