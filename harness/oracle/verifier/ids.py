"""Open-addressed tables of words, each a tag and a row: the orders by their id, the levels by their side and price.

The tag is 32 bits of the hash, so that a search looks at a row only where it has most likely found it, and so that a word tells where
it would like to stand. Eight neighbouring ids or prices share a line of the processor's cache: the hash strews the eights and keeps
what is within. A table is never more than half full.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.base.kernels import compiled
from harness.base.records import Int64Array
from harness.oracle.verifier.layout import LOW, Books, Records

_SPREAD = np.uint64(11400714819323198485)
"""2**64 divided by the golden ratio. The hash alone is worked out in unsigned words: signed ones must not overflow."""
_EIGHT, _HALF, _SALT = np.uint64(3), np.uint64(32), np.uint64(40)
_WITHIN, _TAG = np.uint64(7), np.uint64(LOW)


def _word(value: Any) -> Any:
    """A link or a literal as a word: a function that is given words only is compiled once only."""
    return np.int64(value)


def _tag(key: int, salt: int) -> Any:
    """32 bits of hash; neighbouring keys of an eight have neighbouring tags."""
    bits = np.uint64(word(key))
    eights = (bits >> _EIGHT) ^ (np.uint64(salt) << _SALT)
    mixed = (eights ^ (eights >> _HALF)) * _SPREAD
    return np.int64((((mixed >> _HALF) << _EIGHT) | (bits & _WITHIN)) & _TAG)


def _put(table: Int64Array, key_tag: int, row: int) -> None:
    """Take the first empty slot from where the tag would like to stand."""
    mask = len(table) - 1
    at = key_tag & mask
    while table[at] != 0:
        at = (at + 1) & mask
    table[at] = (key_tag << 32) | row


def _find_order(books: Books, order: int) -> int:
    """The row of the live order with this id, or 0."""
    ids, mask = books.ids, len(books.ids) - 1
    wanted = tag(order, 0)
    at = wanted & mask
    while True:
        word = ids[at]
        if word == 0:
            return 0
        if (word >> 32) & LOW == wanted and books.orders[word & LOW]["id"] == order:
            return int(word & LOW)
        at = (at + 1) & mask


def _add_order(books: Books, row: int) -> None:
    put(books.ids, tag(books.orders[row]["id"], 0), row)


def _remove_order(books: Books, row: int) -> None:
    """Forget the order's id, and close the gap with what would rather have stood there."""
    ids, mask = books.ids, len(books.ids) - 1
    hole = tag(books.orders[row]["id"], 0) & mask
    while ids[hole] & LOW != row:
        hole = (hole + 1) & mask
    at = (hole + 1) & mask
    while ids[at] != 0:
        home = (ids[at] >> 32) & mask
        if (at - home) & mask >= (at - hole) & mask:
            ids[hole] = ids[at]
            hole = at
        at = (at + 1) & mask
    ids[hole] = 0


def _find_level(prices: Int64Array, levels: Records, side: int, price: int) -> int:
    """The row of the level of this side and price, or 0."""
    mask = len(prices) - 1
    wanted = tag(price, side + 1)
    at = wanted & mask
    while True:
        word = prices[at]
        if word == 0:
            return 0
        if (word >> 32) & LOW == wanted:
            level = levels[word & LOW]
            if level["price"] == price and level["side"] == side:
                return int(word & LOW)
        at = (at + 1) & mask


def _find_instrument(books: Books, number: int) -> int:
    """The place of the instrument with this id, or -1."""
    listing, mask = books.listing, len(books.listing) - 1
    at = tag(number, 0) & mask
    while listing[at] != 0:
        place = (listing[at] & LOW) - 1
        if books.instruments[place]["id"] == number:
            return int(place)
        at = (at + 1) & mask
    return -1


word = compiled(_word, inner=True)
tag = compiled(_tag, inner=True)
put = compiled(_put, inner=True)
find_order = compiled(_find_order, inner=True)
add_order = compiled(_add_order, inner=True)
remove_order = compiled(_remove_order, inner=True)
find_level = compiled(_find_level, inner=True)
find_instrument = compiled(_find_instrument, inner=True)
