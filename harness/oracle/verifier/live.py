"""The live orders: their rows, and how many of each account there are on a side."""

from __future__ import annotations

from harness.base.kernels import compiled
from harness.oracle.verifier.ids import add_order, remove_order, tag, word
from harness.oracle.verifier.layout import FREE, GONE, RESTING, WAITING, Books, Now
from harness.oracle.verifier.levels import leave


def _begin(books: Books) -> int:
    """Make the incoming order a live one; its row."""
    taker, row = books.taker[0], books.now[Now.FREE]
    order = books.orders[row]
    books.now[Now.FREE] = order["next"]
    if order["next"] == 0:
        books.now[Now.TIGHT] = 1
    order["id"], order["price"], order["open"], order["traded"] = (
        taker["id"], taker["price"], taker["open"], taker["traded"],
    )  # fmt: skip
    order["account"], order["side"], order["type"] = taker["account"], taker["side"], taker["type"]
    order["tif"], order["post_only"] = taker["tif"], taker["post_only"]
    group = group_of(books, order["side"], word(order["account"]))
    books.groups[group]["count"] += 1
    books.sides[order["side"]]["live"] += 1
    order["group"] = group
    add_order(books, row)
    return int(row)


def _end(books: Books, row: int) -> None:
    """The order lives no more. The row of a stop stays until its entry comes to the top of the heap."""
    order = books.orders[row]
    remove_order(books, row)
    books.groups[order["group"]]["count"] -= 1
    books.sides[order["side"]]["live"] -= 1
    if order["state"] == WAITING:
        order["state"] = GONE
        return
    if order["state"] == RESTING:
        leave(books, row)
    give_back(books, row)


def _give_back(books: Books, row: int) -> None:
    """The row is free for another order."""
    order = books.orders[row]
    order["state"], order["next"] = FREE, books.now[Now.FREE]
    books.now[Now.FREE] = row


def _group_of(books: Books, side: int, account: int) -> int:
    """The slot of the account's orders on a side; a new one where there is none yet. One without orders goes when the table grows."""
    groups, mask = books.groups, len(books.groups) - 1
    key = group_key(side, account)
    at: int = tag(key, 0) & mask
    while groups[at]["key"] != 0:
        if groups[at]["key"] == key:
            return at
        at = (at + 1) & mask
    groups[at]["key"], groups[at]["count"] = key, 0
    books.now[Now.GROUPS] += 1
    if 2 * books.now[Now.GROUPS] >= len(groups):
        books.now[Now.TIGHT] = 1
    return at


def _live_of(books: Books, side: int, account: int) -> int:
    """How many live orders an account has on a side; account 0 stands for all."""
    if account == 0:
        return int(books.sides[side]["live"])
    groups, mask = books.groups, len(books.groups) - 1
    key = group_key(side, account)
    at: int = tag(key, 0) & mask
    while groups[at]["key"] != 0:
        if groups[at]["key"] == key:
            return int(groups[at]["count"])
        at = (at + 1) & mask
    return 0


def _group_key(side: int, account: int) -> int:
    """Never 0, which marks an empty slot."""
    return int(((word(side) + 1) << 32) | word(account))


group_key = compiled(_group_key, inner=True)
live_of = compiled(_live_of, inner=True)
group_of = compiled(_group_of, inner=True)
give_back = compiled(_give_back, inner=True)
end = compiled(_end, inner=True)
begin = compiled(_begin, inner=True)
