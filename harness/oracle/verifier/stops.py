"""Stops that wait, those that have triggered, and what their turn looks like.

Each side of an instrument has a heap of stops, by stop price and then by entry: what triggers first stands at the top. Those that
trigger at one moment are put behind the ones already in the queue, and are carried out one after another.
"""

from __future__ import annotations

from harness.base.kernels import compiled
from harness.base.records import NONE, EventKind, Int64Array, OrderType
from harness.oracle.verifier.heap import sink, swap
from harness.oracle.verifier.ids import find_instrument, word
from harness.oracle.verifier.layout import FREE, GONE, LOW, WAITING, Books, Now, Phase, Records, Rules, Want
from harness.oracle.verifier.levels import enter
from harness.oracle.verifier.live import begin, end, give_back
from harness.oracle.verifier.wanted import came, of_amount, of_party, want


def _wait(books: Books, stop: int) -> None:
    """The incoming order waits for its stop price."""
    row = begin(books)
    order = books.orders[row]
    order["state"] = WAITING
    books.now[Now.TICKET] += 1
    books.now[Now.STOPS] += 1
    heap = books.heaps[len(books.sides) + order["side"]]
    enter(books, heap, -stop if order["side"] & 1 else stop, books.now[Now.TICKET], row)


def _settle(books: Books, place: int) -> None:
    """An order of this instrument, or a command, is done with: see what it triggered, and what comes next."""
    now = books.now
    if now[Now.STOPS] > 0:
        look(books, place)
    if now[Now.HEAD] < now[Now.TAIL]:
        now[Now.PHASE] = Phase.TRIGGER
        return
    now[Now.PHASE], now[Now.HEAD], now[Now.TAIL] = Phase.NONE, 0, 0


def _look(books: Books, place: int) -> None:
    """Put all stops of the instrument that trigger at this moment into the queue, in their order."""
    start = books.now[Now.TAIL]
    for side in range(2 * place, 2 * place + 2):
        seen = seen_by(books, side)
        if seen != NONE:
            take_triggered(books, side, -seen if side & 1 else seen)
    if books.rules[Rules.BY_TIME]:
        by_entry(books.queue, start, books.now[Now.TAIL])


def _seen_by(books: Books, side: int) -> int:
    """The price that the stops of a side look at: the last trade, or the best price of the side that they would trade with."""
    if not books.rules[Rules.QUOTE]:
        return int(books.instruments[side >> 1]["last"])
    best = books.sides[side ^ 1]["best"]
    return int(books.levels[best]["price"]) if best != 0 else NONE


def _take_triggered(books: Books, side: int, reach: int) -> None:
    """Move the stops up to this rank into the queue."""
    heap, arena, now = books.heaps[len(books.sides) + side], books.arena, books.now
    while heap["count"] > 0:
        top = arena[heap["start"]]
        order = books.orders[top["row"]]
        if order["state"] != GONE and top["rank"] > reach:
            return
        if order["state"] == GONE:
            give_back(books, word(top["row"]))
        else:
            entry = books.queue[now[Now.TAIL]]
            entry["rank"], entry["ticket"], entry["row"] = top["rank"], top["ticket"], top["row"]
            now[Now.TAIL] += 1
        now[Now.STOPS] -= 1
        heap["count"] -= 1
        sink(arena, heap["start"], heap["count"])


def _by_entry(queue: Records, start: int, stop: int) -> None:
    """Sort a stretch of the queue by ticket, as Shell does."""
    gap = (stop - start) >> 1
    while gap > 0:
        for first in range(start + gap, stop):
            at = first
            while at >= start + gap and queue[at]["ticket"] < queue[at - gap]["ticket"]:
                swap(queue[at], queue[at - gap])
                at -= gap
        gap >>= 1


def _trigger(books: Books, events: Int64Array, at: int) -> bool:
    """The first stop of the queue triggers and becomes the incoming order."""
    if books.now[Now.INSTRUMENT] < 0 and at >= 0:
        bring_forward(books, events[at])
    entry = books.queue[books.now[Now.HEAD]]
    row = word(entry["row"])
    order = books.orders[row]
    want(books, EventKind.TRIGGERED, order["id"])
    of_amount(books, order["open"], order["open"])
    books.want[Want.PRICE] = -entry["rank"] if order["side"] & 1 else entry["rank"]
    of_party(books, order)
    if not came(books, events, at):
        return False
    books.now[Now.HEAD] += 1
    books.now[Now.TRIGGERED] += 1
    taker = books.taker[0]
    taker["id"], taker["price"], taker["open"], taker["traded"] = order["id"], order["price"], order["open"], 0
    taker["least"] = 0
    taker["account"], taker["side"], taker["tif"], taker["post_only"] = order["account"], order["side"], order["tif"], 0
    taker["type"] = OrderType.MARKET if order["price"] == NONE else OrderType.LIMIT
    order["state"] = FREE
    end(books, row)
    return True


def _bring_forward(books: Books, event: Int64Array) -> None:
    """After a mass cancel over all instruments any of them may go on first: put the one that did to the head of the queue."""
    queue, head, found = books.queue, books.now[Now.HEAD], books.now[Now.HEAD]
    place = find_instrument(books, event[11] & LOW)
    while found < books.now[Now.TAIL] and books.orders[queue[found]["row"]]["side"] >> 1 != place:
        found += 1
    if found < books.now[Now.TAIL]:
        for behind in range(found, head, -1):
            swap(queue[behind], queue[behind - 1])


bring_forward = compiled(_bring_forward, inner=True)
by_entry = compiled(_by_entry, inner=True)
seen_by = compiled(_seen_by, inner=True)
take_triggered = compiled(_take_triggered, inner=True)
look = compiled(_look, inner=True)
settle = compiled(_settle, inner=True)
wait = compiled(_wait, inner=True)
trigger = compiled(_trigger, inner=True)
