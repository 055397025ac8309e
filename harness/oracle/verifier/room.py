"""Makes room in tables that are full, and lets go of what nobody needs any more.

It is done between two events, for all tables at once. Each comes out of it at least half empty, and none is small beside the others, so
that what it costs is spread over as many events as it has rows to move. Levels and accounts without orders, canceled stops and the
books of instruments that are judged no more are left behind: that is why memory grows with the live orders and not with the history.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from harness.base.kernels import compiled
from harness.oracle.verifier import layout
from harness.oracle.verifier.ids import add_order, put, tag, word
from harness.oracle.verifier.layout import FREE, GONE, RESTING, WAITING, Books, Now, Records
from harness.oracle.verifier.live import group_of
from harness.oracle.verifier.setting import ORDERS, ROOM

Places: TypeAlias = npt.NDArray[np.intp]


class Entries(NamedTuple):
    """What stands in the heaps, in the order in which it would come to the top: a heap that is sorted is a heap."""

    heap: Places
    entries: Records


def roomy(books: Books) -> Books:
    """The same books with room in every table."""
    stops = _stops(books)
    _forget(books)
    stops = _kept(stops, books.orders)
    orders = _orders(books)
    unit = max(len(orders), len(books.heaps))
    levels, prices, moved = _levels(books, unit)
    heaps, arena, used = _heaps(len(books.sides), prices, stops, unit)
    owners = int(np.count_nonzero(books.groups["count"]))
    sides = np.zeros_like(books.sides)
    firsts = np.flatnonzero(heaps["count"][: len(sides)])
    sides["best"][firsts] = arena["row"][heaps["start"][firsts]]
    made = books._replace(
        orders=orders, ids=np.zeros(2 * len(orders), np.int64), levels=levels, prices=np.zeros(2 * len(levels), np.int64),
        sides=sides, heaps=heaps, arena=arena, scratch=np.zeros_like(arena),
        groups=np.zeros(_power(max(4 * owners, unit // 4)), layout.GROUP), queue=_queue(books, orders),
    )  # fmt: skip
    now = made.now
    now[Now.LEVELS], now[Now.GROUPS], now[Now.ARENA] = len(prices.heap) + 1, 0, used
    now[Now.STOPS] = len(stops.heap)
    rehash(made, moved)
    now[Now.TIGHT] = 0
    return made


def _stops(books: Books) -> Entries:
    """All stops that wait, with the heaps of stops in which they stand."""
    heaps = books.heaps[len(books.sides) :]
    heap = np.repeat(np.arange(len(heaps)), heaps["count"])
    first = np.repeat(heaps["start"] - (np.cumsum(heaps["count"]) - heaps["count"]), heaps["count"])
    entries = books.arena[first + np.arange(len(heap))]
    order = np.lexsort((entries["ticket"], entries["rank"], heap))
    return Entries(heap[order], entries[order])


def _forget(books: Books) -> None:
    """Free the rows of canceled stops, and of all orders on instruments that are judged no more."""
    orders, stopped = books.orders, books.instruments["stopped"].astype(bool)
    gone = orders["state"] == GONE
    if stopped.any():
        gone |= (orders["state"] != FREE) & stopped[orders["side"] >> 1]
    orders["state"][gone] = FREE


def _kept(stops: Entries, orders: Records) -> Entries:
    kept = orders["state"][stops.entries["row"]] == WAITING
    return Entries(stops.heap[kept], stops.entries[kept])


def _orders(books: Books) -> Records:
    """The rows, twice as many as are taken, the others linked."""
    live = int(np.count_nonzero(books.orders["state"] != FREE))
    orders = np.zeros(max(len(books.orders), _power(2 * live + 2), ORDERS), layout.ORDER)
    orders[: len(books.orders)] = books.orders
    free = np.flatnonzero(orders["state"] == FREE)[1:]
    orders["next"][free] = np.append(free[1:], 0)
    books.now[Now.FREE] = free[0]
    return orders


def _levels(books: Books, unit: int) -> tuple[Records, Entries, npt.NDArray[np.uint32]]:
    """The levels that have orders, in new rows; their entries; and the new row of each old one."""
    stopped = books.instruments["stopped"].astype(bool)
    kept = np.flatnonzero((books.levels["head"] != 0) & ~_at(stopped, books.levels["side"] >> 1))
    kept = kept[np.lexsort((books.levels["rank"][kept], books.levels["side"][kept]))]
    levels = np.zeros(_power(max(2 * len(kept) + 2, unit // 2)), layout.LEVEL)
    rows = np.arange(1, len(kept) + 1)
    levels[rows] = books.levels[kept]
    levels["listed"][rows] = 1
    moved = np.zeros(len(books.levels), np.uint32)
    moved[kept] = rows
    entries = np.zeros(len(kept), layout.ENTRY)
    entries["rank"], entries["row"] = levels["rank"][rows], rows
    return levels, Entries(levels["side"][rows].astype(np.intp), entries), moved


def _at(flags: npt.NDArray[np.bool_], places: npt.NDArray[np.signedinteger[Any]]) -> npt.NDArray[np.bool_]:
    """The flags of these places; a book without instruments has none."""
    return flags[places] if len(flags) else np.zeros(len(places), bool)


def _heaps(sides: int, prices: Entries, stops: Entries, unit: int) -> tuple[Records, Records, int]:
    """All heaps with twice the room that they need, in an arena with as much again behind them, and how much of it they take."""
    heap = np.concatenate((prices.heap, stops.heap + sides))
    heaps = np.zeros(2 * sides, layout.HEAP)
    heaps["count"] = np.bincount(heap, minlength=2 * sides)
    heaps["room"] = np.maximum(2 * heaps["count"], ROOM)
    ends = np.cumsum(heaps["room"])
    heaps["start"] = ends - heaps["room"]
    used = int(heaps["room"].sum())
    arena = np.zeros(_power(max(2 * used, unit)), layout.ENTRY)
    before = np.cumsum(heaps["count"]) - heaps["count"]
    arena[heaps["start"][heap] + np.arange(len(heap)) - before[heap]] = np.concatenate((prices.entries, stops.entries))
    return heaps, arena, used


def _queue(books: Books, orders: Records) -> Records:
    """The stops that have triggered and are still to be carried out; it can hold every order."""
    now = books.now
    left = books.queue[now[Now.HEAD] : now[Now.TAIL]]
    left = left[orders["state"][left["row"]] != FREE]
    queue = np.zeros(len(orders), layout.ENTRY)
    queue[: len(left)] = left
    now[Now.HEAD], now[Now.TAIL] = 0, len(left)
    return queue


def _power(least: int) -> int:
    """The power of two that is not less."""
    return 1 << max(least - 1, 1).bit_length()


def _rehash(books: Books, moved: npt.NDArray[np.uint32]) -> None:
    """Fill the tables that are found by hash, and tell the orders where their levels are now."""
    for row in range(1, len(books.orders)):
        order = books.orders[row]
        if order["state"] == FREE:
            continue
        if order["state"] == RESTING:
            order["level"] = moved[order["level"]]
        add_order(books, row)
        group = group_of(books, order["side"], word(order["account"]))
        books.groups[group]["count"] += 1
        books.sides[order["side"]]["live"] += 1
        order["group"] = group
    books.listing[:] = 0
    for place in range(len(books.instruments)):
        put(books.listing, tag(books.instruments[place]["id"], 0), place + 1)
    for row in range(1, books.now[Now.LEVELS]):
        put(books.prices, tag(books.levels[row]["price"], books.levels[row]["side"] + 1), row)


rehash = compiled(_rehash)
