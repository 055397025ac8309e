"""By what commands are of one sort: a field, or what becomes of the order that they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import numpy as np

from harness.base.records import Commands, Int64Array
from harness.shrink.nearness import Chosen

Sort: TypeAlias = Callable[[Commands], Int64Array]
"""Gives a value for each command; those of one value are of one sort."""

MOST = 12
"""What has more values than that sorts nothing."""


def each(sort: Sort, tape: Commands) -> Iterator[int]:
    """The values of a tape by this sort, the frequent ones first; none where it sorts nothing."""
    values, counts = np.unique(sort(tape), return_counts=True)
    if 1 < len(values) <= MOST:
        yield from values[np.argsort(-counts, kind="stable")].tolist()


def numbered(tape: Commands, numbers: tuple[int, ...]) -> Chosen:
    """The commands of these numbers, counted from 1."""
    return np.isin(np.arange(1, len(tape) + 1), numbers)


def fate(tape: Commands) -> Int64Array:
    """What is done to the order that a command is about: a bit for each kind of command that names it."""
    ids, places = np.unique(np.where(tape["target"] > 0, tape["target"], tape["order"]), return_inverse=True)
    bits = np.zeros(len(ids), np.int64)
    np.bitwise_or.at(bits, places, 1 << tape["kind"].astype(np.int64))
    return bits[places]


def _field(name: str) -> Sort:
    def values(tape: Commands) -> Int64Array:
        return tape[name].astype(np.int64)

    return values


SORTS = (*map(_field, ("kind", "type")), fate, *map(_field, ("side", "tif", "flags", "instrument")))
"""In the order in which they are tried: those first that leave the others the most to drop."""
