"""What went wrong, in terms of events, and the state by which it was judged, in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from harness.base.records import Command, Event, EventKind, Side
from harness.oracle.verifier.codes import Code, code_of
from harness.oracle.verifier.layout import RESTING, WAITING, Books, Now, Phase, Rules, Want


@dataclass(frozen=True, slots=True)
class Breach:
    """The first event that may not come, or an answer that lacks one."""

    code: Code
    number: int
    """Of the command whose answer it is."""
    command: Command | None
    """None where there was no such command."""
    wanted: Event | None
    """The event that had to come; None where none had to."""
    came: Event | None
    """None where the answer ended."""
    state: str
    """What was live when it was judged, in words."""


def wanted_event(books: Books) -> Event:
    """The event that the kernel says must come."""
    want = {field.name.lower(): int(books.want[field]) for field in Want}
    ids = {name: want[name] % 2**64 for name in ("order", "maker", "new_order")}
    return Event(**(want | ids))


def breach_code(books: Books, wanted: Event, came: Event) -> Code:
    """Which rule the event breaks, by the phase of its answer and by what is live."""
    phase = books.now[Now.PHASE]
    if phase == Phase.NONE:
        return Code.NOTHING_LEFT
    if phase == Phase.MASS and not wanted.order and came.kind == EventKind.CANCELED:
        return Code.WRONG_ORDER if is_live(books, came.order) else Code.NOT_LIVE
    if phase == Phase.MASS and came.kind == EventKind.DONE and wanted.kind != EventKind.DONE:
        return Code.LEFT_UNFINISHED
    carried = frozenset(field.name.lower() for field in Want if books.rules[Rules.CARRIED] >> field & 1)
    code = code_of(wanted, came, first=phase == Phase.FIRST, carried=carried)
    named = came.maker if code is Code.WRONG_MAKER else came.order
    if code in (Code.WRONG_MAKER, Code.WRONG_ORDER) and phase != Phase.FIRST and not is_live(books, named):
        return Code.NOT_LIVE
    return code


def is_live(books: Books, order: int) -> bool:
    """Whether an order with this id is live, resting, waiting or coming in."""
    word = signed(order)
    incoming = books.now[Now.PHASE] in (Phase.MATCH, Phase.LOSE) and books.taker["id"][0] == word
    return bool(incoming or _row_of(books, order))


def say_state(books: Books, instrument: int, orders: tuple[int, ...]) -> str:
    """The open quantity of these orders, and the front order of the best price of each side."""
    told = [_say_order(books, order) for order in dict.fromkeys(orders) if order]
    place = place_of(books, instrument)
    if place >= 0:
        told += [_say_best(books, 2 * place + side) for side in (Side.BUY, Side.SELL)]
    return "; ".join(told)


def place_of(books: Books, instrument: int) -> int:
    """The place of the instrument with this id, or -1; sought through, since it is needed once a breach."""
    found = np.flatnonzero(books.instruments["id"] == instrument)
    return int(found[0]) if len(found) else -1


def _row_of(books: Books, order: int) -> int:
    """The row of the live order with this id, or 0."""
    alive = (books.orders["state"] == RESTING) | (books.orders["state"] == WAITING)
    found = np.flatnonzero((books.orders["id"] == signed(order)) & alive)
    return int(found[0]) if len(found) else 0


def signed(word: int) -> int:
    """An id as the tables hold it."""
    return word - 2**64 if word >= 2**63 else word


def _say_order(books: Books, order: int) -> str:
    taker = books.taker[0]
    if books.now[Now.PHASE] in (Phase.MATCH, Phase.LOSE) and taker["id"] == signed(order):
        return f"#{order} comes in with {taker['open']} open"
    row = _row_of(books, order)
    if row == 0:
        return f"#{order} is not live"
    live = books.orders[row]
    how = "waits" if live["state"] == WAITING else f"rests at {live['price']}"
    return f"#{order} {how} with {live['open']} open"


def _say_best(books: Books, side: int) -> str:
    name = "offer" if side & 1 else "bid"
    best = books.sides[side]["best"]
    if best == 0:
        return f"no {name}"
    level = books.levels[best]
    front = books.orders[level["head"]]
    return f"best {name} {level['price']}, in front #{int(front['id']) % 2**64} with {front['open']} open"
