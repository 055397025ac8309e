"""The state of the risk stage as words, for snapshots: what was killed, halted and set, all sums, and what stands in a window still.

What has left its window is left out, and stands as 0 after a restoration, which decides nothing; chains are made anew.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from engines.reference.layout import Amounts
from engines.reference.machine import ONE, ZERO, Number, U
from engines.service.imaging import Array, Reader, Words, as_words
from engines.service.risk.layout import (
    DUPLICATES,
    DUPLICATES_NS,
    DUPLICATES_SIZE,
    FIRST_PRICE,
    FIRST_VOLUME,
    FORGOTTEN,
    HEAD_BITS,
    HOLDER,
    MESSAGES_NS,
    MESSAGES_SIZE,
    NEXT_PRICE,
    NEXT_VOLUME,
    NOW_NS,
    OPEN,
    PHASE,
    RECENT_NS,
    REPEATS_NS,
    REPEATS_SIZE,
    USED_ORDERS,
    Ledger,
)
from engines.service.risk.operators import FRESH
from engines.service.risk.orders import chain as chain_order
from engines.service.risk.recent import chain as chain_recent
from harness.base.kernels import compiled

Places = npt.NDArray[np.int64]


def image_of(ledger: Ledger) -> Words:
    """The ledger between two commands."""
    if ledger.counts[PHASE] != FRESH:
        raise ValueError("the stage is in the middle of a command")
    parts = [as_words(part) for part in _whole(ledger)]
    for array, places in _in_windows(ledger):
        parts += [np.array([len(places)], np.uint64), places.view(np.uint64), as_words(array[places])]
    return np.concatenate(parts)


def restore(ledger: Ledger, image: Words) -> None:
    """Give an empty ledger of the same controls and room the state.

    Raises:
        ValueError: it is not the image of such a ledger.
    """
    reader = Reader(image)
    reader.fill(ledger.counts)
    if not 0 <= ledger.counts[USED_ORDERS] < len(ledger.orders) or 2 ** ledger.counts[HEAD_BITS] > len(ledger.heads):
        raise ValueError("the image holds more orders than the ledger has room for")
    for part in list(_whole(ledger))[1:]:
        reader.fill(part)
    for array in _windows(ledger):
        count = int(reader.take(1)[0])
        places = reader.take(count).view(np.int64)
        array[places] = reader.take(count * array[:1].size).view(np.int64).reshape(count, *array.shape[1:])
    if reader.left:
        raise ValueError(f"{reader.left} words of the image are left over")
    chain_again(ledger)


def _whole(ledger: Ledger) -> Iterator[Array]:
    """The arrays that are kept as they are; the counts come first, since they tell how many orders there are."""
    yield ledger.counts
    yield from (ledger.holders, ledger.numbers, ledger.rows, ledger.holdings, ledger.watched, ledger.refused)
    yield ledger.orders[: int(ledger.counts[USED_ORDERS]) + 1]


def _windows(ledger: Ledger) -> tuple[Array, ...]:
    """The rings, each as one row of entries."""
    return (
        ledger.messages.reshape(-1),
        ledger.repeats.reshape(-1),
        ledger.recent.reshape(-1, ledger.recent.shape[2]),
        ledger.prices.reshape(-1, ledger.prices.shape[2]),
        ledger.volumes.reshape(-1, ledger.volumes.shape[2]),
    )


def _in_windows(ledger: Ledger) -> Iterator[tuple[Array, Places]]:
    """The rings, and where in them something stands that may still count."""
    now_ns, holders, watched = ledger.counts[NOW_NS], ledger.holder_amounts, ledger.watched
    repeaters = np.repeat(ledger.holdings[:, HOLDER], 2)[: len(ledger.repeats)]
    sizes_of_repeats = ledger.holdings[:, REPEATS_SIZE : REPEATS_SIZE + 2].ravel()[: len(ledger.repeats)]
    some, remembering = holders[: len(ledger.messages)], holders[: len(ledger.recent)]
    stamps = (
        (ledger.messages[:, :, None], 0, some[:, MESSAGES_SIZE], some[:, MESSAGES_NS]),
        (ledger.repeats[:, :, None], 0, sizes_of_repeats, holders[repeaters, REPEATS_NS]),
        (ledger.recent, RECENT_NS, remembering[:, DUPLICATES_SIZE], remembering[:, DUPLICATES_NS]),
    )
    prints = (
        (ledger.prices, watched[:, FIRST_PRICE : FIRST_PRICE + 2].ravel(), watched[:, NEXT_PRICE : NEXT_PRICE + 2].ravel()),
        (ledger.volumes, watched[:, FIRST_VOLUME], watched[:, NEXT_VOLUME]),
    )  # fmt: skip
    places = [_places_of_rings(array, column, sizes, now_ns - window_ns) for array, column, sizes, window_ns in stamps]
    places += [_places_of_lists(array, first, following) for array, first, following in prints]
    yield from zip(_windows(ledger), places, strict=True)


def _places_of_rings(array: Amounts, column: int, sizes: Places, since_ns: Places) -> Places:
    """Of the entries of the parts of rings that are used, those whose stamp lies above a ring's own."""
    places = np.empty(int(sizes.sum()), np.int64)
    sizes, since_ns = np.ascontiguousarray(sizes), np.ascontiguousarray(since_ns)
    return places[: gather(array, column, sizes, since_ns, places)]


def _gather(array: Amounts, column: Number, sizes: Places, since_ns: Places, places: Places) -> Number:
    count = 0
    for ring in range(len(sizes)):
        for at in range(sizes[ring]):
            if array[ring, at, column] > since_ns[ring]:
                places[count] = ring * array.shape[1] + at
                count += 1
    return count


gather = compiled(_gather)


def _places_of_lists(array: Amounts, first: Places, following: Places) -> Places:
    """Of the entries of one list a ring, from its first to before its next one."""
    room = array.shape[1]
    numbers = [np.arange(begin, end) % room + ring * room for ring, (begin, end) in enumerate(zip(first, following, strict=True))]  # fmt: skip
    return np.concatenate([*numbers, np.zeros(0, np.int64)]).astype(np.int64)


def _chain_again(ledger: Ledger) -> None:
    """Open orders and remembered ones come into their chains."""
    row = ONE
    while row <= U(ledger.counts[USED_ORDERS]):
        if ledger.order_amounts[row, OPEN] > 0:
            chain_order(ledger, row)
        row += ONE
    holder = ZERO
    while holder < U(ledger.recent.shape[0]):
        size, count = ledger.holders[holder, DUPLICATES_SIZE], ledger.holders[holder, DUPLICATES]
        since_ns = ledger.counts[NOW_NS] - ledger.holder_amounts[holder, DUPLICATES_NS]
        number = max(ledger.holders[holder, FORGOTTEN], count - min(count, size)) + ONE
        while number <= count:
            if ledger.recent[holder, number & (size - ONE), RECENT_NS] > since_ns:
                chain_recent(ledger, holder, number, size)
            number += ONE
        holder += ONE


chain_again = compiled(_chain_again)
