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
PORT_WORD, PORT_AT, PORT_MASK = _PLACES["user_ref_idx"] // 8, U8(16), U8(2**16 - 1)
"""The port has two bytes of the padding behind the last field, in the last word. It is written last: a row without was cut off in the middle."""
FIELDS_MASK = U8(2**16 - 1)
MISSING = -2
"""Of a port that is kept, and nothing came."""


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
    told: Int64Array
    """By slot: the highest number that an event told of."""


def _assign(kept: Kept, slots: Int64Array, numbers: Int64Array, rows: Int64Array) -> None:
    """A row for each request: its own if it is there already, else the next one."""
    for place in range(len(slots)):
        row: Any = S(kept.rows[slots[place], numbers[place]])
        if row == 0:
            row = kept.used[0]
            kept.used[0] += 1
            kept.rows[slots[place], numbers[place]] = row
        rows[place] = row


assign = compiled(_assign)


def _stamp(words: Words, ports: Int64Array) -> None:
    """Write into each row whose it is, over what chance left there."""
    for row in range(len(words)):
        words[row, PORT_WORD] = (words[row, PORT_WORD] & FIELDS_MASK) | U8(ports[row]) << PORT_AT


stamp = compiled(_stamp)


def _find(kept: Kept, ports: Int64Array, numbers: Int64Array, rows: Int64Array) -> Any:
    """The row of each; how many are missing."""
    missing: Any = S(0)
    for place in range(len(ports)):
        number = numbers[place]
        slot = kept.slots[ports[place]] if 0 <= ports[place] < len(kept.slots) else S(-1)
        if slot >= 0:
            kept.told[slot] = max(kept.told[slot], number)
        if slot < 0 or number >= kept.rows.shape[1]:
            rows[place] = -1
        elif kept.rows[slot, number] == 0:
            rows[place] = MISSING
            missing += 1
        else:
            rows[place] = kept.rows[slot, number]
    return missing


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
