"""What an incoming order must do next: meet the front order of the best level, rest, or go.

Each step says which event must come, and only if it came changes the books.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.base.kernels import compiled
from harness.base.reasons import Reason
from harness.base.records import NONE, EventKind, Int64Array, TimeInForce
from harness.oracle.verifier.heap import rise, sink
from harness.oracle.verifier.ids import word
from harness.oracle.verifier.layout import HIGHEST, Books, Mode, Now, Phase, Rules, Want
from harness.oracle.verifier.levels import join
from harness.oracle.verifier.live import begin, end
from harness.oracle.verifier.stops import look, settle
from harness.oracle.verifier.wanted import came, canceled, of_amount, of_party, of_trade, want

# As words: numba would compile a function anew for each literal that it is given.
_FOK: Any = np.int64(Reason.FOK_NOT_FILLABLE)
_MIN_QTY: Any = np.int64(Reason.MIN_QTY_NOT_REACHED)
_IOC: Any = np.int64(Reason.IOC_REMAINDER)
_MARKET: Any = np.int64(Reason.MARKET_REMAINDER)
_SELF_TRADE: Any = np.int64(Reason.SELF_TRADE)
_NOTHING: Any = np.int64(0)


def _set_out(books: Books) -> None:
    """The incoming order begins to match, unless it must go at once."""
    taker, now = books.taker[0], books.now
    price = taker["price"]
    taker["reach"] = HIGHEST if price == NONE else (-price if taker["side"] & 1 else price)
    now[Now.PHASE], now[Now.KILL] = Phase.MATCH, 0
    if taker["tif"] == TimeInForce.FOK and not fillable(books, taker["open"]):
        now[Now.KILL] = _FOK
    elif taker["least"] > 0 and not fillable(books, taker["least"]):
        now[Now.KILL] = _MIN_QTY


def _match(books: Books, events: Int64Array, at: int) -> bool:
    """The next event of an order that has still something open."""
    taker = books.taker[0]
    if books.now[Now.KILL] != 0:
        return lose_rest(books, events, at, books.now[Now.KILL])
    best = books.sides[taker["side"] ^ 1]["best"]
    if best == 0 or books.levels[best]["rank"] > taker["reach"]:
        return remain(books, events, at)
    row = word(books.levels[best]["head"])
    mode = books.rules[Rules.SELF_TRADE]
    if mode != Mode.NONE and taker["account"] != 0 and taker["account"] == books.orders[row]["account"]:
        return prevent(books, events, at, row)
    return trade(books, events, at, row)


def _trade(books: Books, events: Int64Array, at: int, row: int) -> bool:
    taker, maker, now = books.taker[0], books.orders[row], books.now
    qty, price, place = min(taker["open"], maker["open"]), maker["price"], taker["side"] >> 1
    want(books, EventKind.TRADE, taker["id"])
    of_trade(books, maker["id"], price)
    of_amount(books, qty, taker["open"] - qty)
    of_party(books, taker)
    if not came(books, events, at):
        return False
    now[Now.TRADES] += 1
    taker["open"] -= qty
    taker["traded"] += qty
    maker["open"] -= qty
    maker["traded"] += qty
    books.instruments[place]["last"] = price
    if maker["open"] == 0:
        end(books, row)
    if books.rules[Rules.EACH_FILL] and now[Now.STOPS] > 0:
        look(books, place)
    if taker["open"] == 0:
        settle(books, place)
    return True


def _remain(books: Books, events: Int64Array, at: int) -> bool:
    """Nothing can be traded any more: what is left rests or goes."""
    taker = books.taker[0]
    if taker["price"] == NONE:
        return lose_rest(books, events, at, _MARKET)
    if taker["tif"] == TimeInForce.IOC:
        return lose_rest(books, events, at, _IOC)
    want(books, EventKind.RESTED, taker["id"])
    books.want[Want.PRICE], books.want[Want.REMAINING] = taker["price"], taker["open"]
    of_party(books, taker)
    if not came(books, events, at):
        return False
    join(books, begin(books), taker["price"])
    settle(books, taker["side"] >> 1)
    return True


def _lose_rest(books: Books, events: Int64Array, at: int, reason: int) -> bool:
    """All that is left of the incoming order is canceled."""
    taker = books.taker[0]
    if not canceled(books, events, at, taker, taker["open"], reason):
        return False
    settle(books, taker["side"] >> 1)
    return True


def _prevent(books: Books, events: Int64Array, at: int, row: int) -> bool:
    """The incoming order has met one of its own account: first what the resting one loses, if the mode takes anything of it."""
    taker, maker, mode = books.taker[0], books.orders[row], books.rules[Rules.SELF_TRADE]
    if mode == Mode.CANCEL_NEWEST:
        return lose_rest(books, events, at, _SELF_TRADE)
    lost = min(taker["open"], maker["open"]) if mode == Mode.DECREMENT else maker["open"]
    if not canceled(books, events, at, maker, lost, _SELF_TRADE):
        return False
    maker["open"] -= lost
    if maker["open"] == 0:
        end(books, row)
    if mode != Mode.CANCEL_OLDEST:
        books.now[Now.PHASE] = Phase.LOSE
        books.now[Now.AMOUNT] = taker["open"] if mode == Mode.CANCEL_BOTH else lost
    return True


def _lose_share(books: Books, events: Int64Array, at: int) -> bool:
    """Then what the incoming order loses."""
    taker, lost = books.taker[0], books.now[Now.AMOUNT]
    if not canceled(books, events, at, taker, lost, _SELF_TRADE):
        return False
    taker["open"] -= lost
    books.now[Now.PHASE] = Phase.MATCH
    if taker["open"] == 0:
        settle(books, taker["side"] >> 1)
    return True


def _fillable(books: Books, needed: int) -> bool:
    """Whether so much can be traded at once: the levels in matching order, found by walking the heap without changing it.

    Entries wait in a heap of their own until it is their turn; each then brings the two below it.
    """
    taker, scratch = books.taker[0], books.scratch
    heap = books.heaps[taker["side"] ^ 1]
    waiting = call(books, heap, _NOTHING, _NOTHING)
    available = _NOTHING
    while waiting > 0 and scratch[0]["rank"] <= taker["reach"]:
        place = scratch[0]["ticket"]
        available = walk(books, word(scratch[0]["row"]), available, needed)
        if available >= needed or available < 0:
            return bool(available >= needed)
        waiting -= 1
        sink(scratch, _NOTHING, waiting)
        waiting = call(books, heap, 2 * place + 1, waiting)
        waiting = call(books, heap, 2 * place + 2, waiting)
    return False


def _call(books: Books, heap: Any, place: int, waiting: int) -> int:
    """Let the entry at a place of the heap wait for its turn; how many wait now."""
    if place >= heap["count"]:
        return waiting
    entry, source = books.scratch[waiting], books.arena[heap["start"] + place]
    entry["rank"], entry["ticket"], entry["row"] = source["rank"], place, source["row"]
    rise(books.scratch, _NOTHING, waiting)
    return waiting + 1


def _walk(books: Books, level: int, available: int, needed: int) -> int:
    """What is available with the orders of one level; below 0 where an own order ends the walk."""
    account, mode = books.taker[0]["account"], books.rules[Rules.SELF_TRADE]
    row = books.levels[level]["head"]
    while row != 0 and available < needed:
        order = books.orders[row]
        if mode == Mode.NONE or account == 0 or order["account"] != account:
            available += min(order["open"], needed - available)
        elif mode != Mode.CANCEL_OLDEST:
            return -1
        row = order["next"]
    return available


call = compiled(_call, inner=True)
walk = compiled(_walk, inner=True)
fillable = compiled(_fillable, inner=True)
set_out = compiled(_set_out, inner=True)
lose_rest = compiled(_lose_rest, inner=True)
lose_share = compiled(_lose_share, inner=True)
remain = compiled(_remain, inner=True)
trade = compiled(_trade, inner=True)
prevent = compiled(_prevent, inner=True)
match = compiled(_match, inner=True)
