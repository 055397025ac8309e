"""The queues of resting orders: levels linked first in first out, and the best of each side.

The level at the top of a side's heap always has orders. One further down may have lost its last: it is found out when it comes to
the top, so that no level is ever looked for in the heap.
"""

from __future__ import annotations

from typing import Any

from harness.base.kernels import compiled
from harness.oracle.verifier.heap import rise, sink
from harness.oracle.verifier.ids import find_level, put, tag
from harness.oracle.verifier.layout import RESTING, Books, Now


def _join(books: Books, row: int, price: int) -> None:
    """Put an order at the back of the queue of its side and this price."""
    order = books.orders[row]
    at = level_of(books, order["side"], price)
    level = books.levels[at]
    order["state"], order["price"], order["level"], order["next"], order["prev"] = RESTING, price, at, 0, level["tail"]
    if level["head"] == 0:
        level["head"] = row
    else:
        books.orders[level["tail"]]["next"] = row
    level["tail"] = row
    if level["listed"] == 0:
        list_level(books, at)


def _leave(books: Books, row: int) -> None:
    """Take an order out of its queue."""
    order = books.orders[row]
    at, before, behind = order["level"], order["prev"], order["next"]
    level = books.levels[at]
    if before == 0:
        level["head"] = behind
    else:
        books.orders[before]["next"] = behind
    if behind == 0:
        level["tail"] = before
    else:
        books.orders[behind]["prev"] = before
    if level["head"] == 0 and books.sides[level["side"]]["best"] == at:
        find_best(books, level["side"])


def _level_of(books: Books, side: int, price: int) -> int:
    """The level of the side and price; a new one where there is none yet."""
    at = find_level(books.prices, books.levels, side, price)
    if at == 0:
        at = books.now[Now.LEVELS]
        books.now[Now.LEVELS] += 1
        if books.now[Now.LEVELS] == len(books.levels):
            books.now[Now.TIGHT] = 1
        level = books.levels[at]
        level["price"], level["side"], level["rank"] = price, side, price if side & 1 else -price
        level["head"], level["tail"], level["listed"] = 0, 0, 0
        put(books.prices, tag(price, side + 1), at)
    return int(at)


def _list_level(books: Books, at: int) -> None:
    """Give a level its entry in the heap of its side."""
    level = books.levels[at]
    level["listed"] = 1
    heap = books.heaps[level["side"]]
    enter(books, heap, level["rank"], 0, at)
    books.sides[level["side"]]["best"] = books.arena[heap["start"]]["row"]


def _find_best(books: Books, side: int) -> None:
    """Take the levels that have no orders from the top of the heap; what comes to stand there is the best."""
    heap = books.heaps[side]
    start = heap["start"]
    while heap["count"] > 0 and books.levels[books.arena[start]["row"]]["head"] == 0:
        books.levels[books.arena[start]["row"]]["listed"] = 0
        heap["count"] -= 1
        sink(books.arena, start, heap["count"])
    books.sides[side]["best"] = books.arena[start]["row"] if heap["count"] > 0 else 0


def _enter(books: Books, heap: Any, rank: int, ticket: int, row: int) -> None:
    """A new entry of a heap. A heap that it fills moves to a stretch of twice the room, so that there is always a place."""
    entry = books.arena[heap["start"] + heap["count"]]
    entry["rank"], entry["ticket"], entry["row"] = rank, ticket, row
    rise(books.arena, heap["start"], heap["count"])
    heap["count"] += 1
    if heap["count"] < heap["room"]:
        return
    free, room = books.now[Now.ARENA], 2 * heap["room"]
    if free + room > len(books.arena):
        books.now[Now.TIGHT] = 1
        return
    for at in range(heap["count"]):
        books.arena[free + at] = books.arena[heap["start"] + at]
    heap["start"], heap["room"] = free, room
    books.now[Now.ARENA] += room


enter = compiled(_enter, inner=True)
find_best = compiled(_find_best, inner=True)
list_level = compiled(_list_level, inner=True)
level_of = compiled(_level_of, inner=True)
leave = compiled(_leave, inner=True)
join = compiled(_join, inner=True)
