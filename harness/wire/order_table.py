"""A table of orders by their ids, that kernels read and write: what is known of each is a word, whose meaning is for whoever keeps the table."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harness.base.kernels import compiled
from harness.base.records import Int64Array

LEAST = 2**10
"""Places of an empty table."""
_MIX, _HIGH = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)


class Table(NamedTuple):
    """Open addressing: an id stands at the first free place from where its hash points. The id 0 is no order's and marks a free place."""

    ids: npt.NDArray[np.uint64]
    known: Int64Array
    taken: Int64Array
    """How many places are taken, in the one entry."""


def _find(table: Table, order: Any) -> Any:
    """The place of the id, or where it belongs."""
    mask = len(table.ids) - 1
    at = np.int64((order * _MIX) >> _HIGH) & mask
    while table.ids[at] != order and table.ids[at] != 0:
        at = (at + 1) & mask
    return at


def _enter(table: Table, order: Any, known: Any) -> None:
    """Take in an order that is not there; there must be room."""
    at = find(table, order)
    table.ids[at] = order
    table.known[at] = known
    table.taken[0] += 1


def _refill(table: Table, old: Table) -> None:
    for at in range(len(old.ids)):
        if old.ids[at] != 0:
            enter(table, old.ids[at], old.known[at])


find = compiled(_find)
enter = compiled(_enter)
refill = compiled(_refill)


class Orders:
    """A table that grows, at most half full."""

    def __init__(self) -> None:
        self.table = _empty(LEAST)

    def make_room(self, more: int) -> None:
        """For so many further orders."""
        needed = 2 * (int(self.table.taken[0]) + more)
        if needed > len(self.table.ids):
            grown = _empty(1 << (needed - 1).bit_length())
            refill(grown, self.table)
            self.table = grown


def _empty(places: int) -> Table:
    return Table(np.zeros(places, np.uint64), np.zeros(places, np.int64), np.zeros(1, np.int64))
