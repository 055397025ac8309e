"""The state of the reference engine as bytes: the used parts of its arrays, and of its hash tables the entries that are filled.

Restoring puts every array back bit for bit, so an engine goes on from an image exactly as the one that it was taken of would have: its
lookups probe the same places, its next order takes the same slot. What follows from the configuration alone is not in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from engines.reference.engine import ReferenceEngine
from engines.reference.layout import COUNTS, ID_SHIFT, LOGGED, PAGE_TICKS, STAGE, USED_PAGES, USED_SLOTS, State
from engines.reference.matching import READY
from engines.service.imaging import Array, Reader, Words, as_words

HASH_BITS = 32
"""Of an id; `ID_SHIFT` says how many of them its place does not need."""


class Parts(NamedTuple):
    """What an image is made of."""

    used: tuple[Array, ...]
    tables: tuple[Array, ...]
    """Of these only the entries that are filled come into the image."""


def parts_of(engine: ReferenceEngine) -> Parts:
    """The engine's own memory between two commands."""
    if engine.state.counts[STAGE] != READY:
        raise ValueError("the engine is in the middle of a command")
    return Parts((engine.state.counts, *_used(engine.state)), _tables(engine.state))


def copy_of(parts: Parts) -> Parts:
    """The same in memory of its own. Of 150,000 live orders that takes 0.5 ms, where their image takes 8."""
    return Parts(tuple(part.copy() for part in parts.used), tuple(table.copy() for table in parts.tables))


def image_of(parts: Parts) -> Words:
    """The state as words."""
    words = [as_words(part) for part in parts.used]
    for table in parts.tables:
        filled = np.flatnonzero(table)
        words += [np.array([len(filled)], np.uint64), filled.astype(np.uint64), table[filled].astype(np.uint64)]
    return np.concatenate(words)


def restore(engine: ReferenceEngine, image: Words) -> None:
    """Give an empty engine of the same configuration the state.

    Raises:
        ValueError: it is not the image of such an engine.
    """
    state, reader = engine.state, Reader(image)
    state.counts[:] = reader.take(COUNTS).view(np.int64)
    if not (0 <= state.counts[USED_SLOTS] < len(state.words) and 0 <= state.counts[USED_PAGES] < len(state.ticks)):
        raise ValueError("the image holds more orders or pages than the engine has room for")
    if not 0 <= state.counts[ID_SHIFT] <= HASH_BITS or 2 ** (HASH_BITS - state.counts[ID_SHIFT]) > len(state.ids):
        raise ValueError("the image has a larger table of ids than the engine")
    for part in _used(state):
        reader.fill(part)
    for table in _tables(state):
        count = int(reader.take(1)[0])
        places = reader.take(count)
        table[places] = reader.take(count)
    if reader.left:
        raise ValueError(f"{reader.left} words of the image are left over")


def _used(state: State) -> Iterator[Array]:
    """The parts of the arrays that may hold something, by what the counts say; each lies in one piece of memory."""
    slots, pages = int(state.counts[USED_SLOTS]) + 1, int(state.counts[USED_PAGES]) + 1
    yield state.words[:slots]
    yield state.log[: int(state.counts[LOGGED])]
    yield state.levels[: pages * PAGE_TICKS]
    yield state.ticks[:pages]
    yield state.page_numbers[:pages]
    yield state.page_links[:pages]
    yield from (state.best_price, state.best_level, state.hot_number, state.hot_page, state.bounds)


def _tables(state: State) -> tuple[Array, ...]:
    """Hash tables, strewn with free places; the one of ids grows with the orders, and what lies behind its size is empty."""
    return state.ids[: 2 ** (HASH_BITS - int(state.counts[ID_SHIFT]))], state.page_table
