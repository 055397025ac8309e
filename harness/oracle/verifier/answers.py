"""What must answer a command: the first event of each kind, and the cancels of a mass cancel."""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.base.kernels import compiled
from harness.base.reasons import Reason
from harness.base.records import NONE, CommandKind, EventKind, Flag, Int64Array, OrderType, Side, TimeInForce
from harness.oracle.verifier.causes import cause, in_set, kind_asked, side_asked, tif_asked, type_asked
from harness.oracle.verifier.ids import add_order, find_instrument, find_order, remove_order
from harness.oracle.verifier.layout import LOW, Books, Now, Phase, Rules, Want
from harness.oracle.verifier.live import end, live_of
from harness.oracle.verifier.matching import set_out
from harness.oracle.verifier.stops import look, settle, wait
from harness.oracle.verifier.wanted import (
    came,
    canceled,
    kind_of,
    of_amount,
    of_cancel,
    of_command,
    of_party,
    reason_of,
    want,
)

_POST_ONLY = int(Flag.POST_ONLY)
# As words: numba would compile a function anew for each literal that it is given.
_DUPLICATE: Any = np.int64(Reason.DUPLICATE_ORDER_ID)
_USER: Any = np.int64(Reason.USER)
_MASS_CANCEL: Any = np.int64(Reason.MASS_CANCEL)
_NOTHING: Any = np.int64(0)


def _start(books: Books, command: Int64Array) -> None:
    """Turn to a command that nothing has answered yet."""
    now, number = books.now, command[11] & LOW
    now[Now.NUMBER], now[Now.TOLD], now[Now.FAILED], now[Now.PHASE] = command[0], 0, 0, Phase.FIRST
    place = find_instrument(books, number) if number != 0 else -1
    now[Now.INSTRUMENT] = place
    if (place >= 0 and books.instruments[place]["stopped"]) or (place < 0 and number != 0 and now[Now.ELSEWHERE]):
        now[Now.PHASE] = Phase.SKIP
    elif kind_asked(command) == CommandKind.MASS_CANCEL and in_set(books.rules[Rules.KINDS], CommandKind.MASS_CANCEL):
        start_mass(books, command)


def _first(books: Books, command: Int64Array, events: Int64Array, at: int) -> bool:
    """The first event of the answer to any command but a mass cancel."""
    why = cause(books, command)
    if why == 0 and books.now[Now.STOPPED] > 0 and at >= 0 and claims_duplicate(books, events[at]):
        # What lives on an instrument that is judged no more is not known, so neither are its ids.
        why = _DUPLICATE
    if why != 0:
        return refuse(books, command, events, at, why)
    kind = kind_asked(command)
    if kind == CommandKind.NEW:
        return accept(books, command, events, at)
    if kind == CommandKind.CANCEL:
        return cancel(books, command, events, at)
    return replace(books, command, events, at)


def _refuse(books: Books, command: Int64Array, events: Int64Array, at: int, why: int) -> bool:
    """The event names the target of a cancel or replace; where the kind itself is not offered, it may name any order."""
    asked = kind_asked(command)
    kind, order = EventKind.REJECTED, command[1]
    if not in_set(books.rules[Rules.KINDS], asked):
        order = 0
    elif asked != CommandKind.NEW:
        kind = EventKind.CANCEL_REJECTED if asked == CommandKind.CANCEL else EventKind.REPLACE_REJECTED
        order = command[2]
    want(books, kind, order)
    books.want[Want.REASON] = why
    of_command(books, command)
    if not came(books, events, at):
        return False
    books.now[Now.REFUSED] += 1
    books.now[Now.PHASE] = Phase.NONE
    return True


def _accept(books: Books, command: Int64Array, events: Int64Array, at: int) -> bool:
    taker, kind, place = books.taker[0], type_asked(command), books.now[Now.INSTRUMENT]
    price = command[3] if kind in (OrderType.LIMIT, OrderType.STOP_LIMIT) else NONE
    taker["account"], taker["side"] = (command[11] >> 32) & LOW, 2 * place + side_asked(command)
    want(books, EventKind.ACCEPTED, command[1])
    of_amount(books, command[5], command[5])
    books.want[Want.PRICE] = price
    of_party(books, taker)
    if not came(books, events, at):
        return False
    taker["id"], taker["price"], taker["open"], taker["traded"] = command[1], price, command[5], 0
    taker["type"], taker["tif"], taker["post_only"] = kind, tif_asked(command), command[13] & _POST_ONLY
    if kind >= OrderType.STOP:
        wait(books, command[4])
        settle(books, place)
    else:
        taker["least"] = max(command[6], 0)
        set_out(books)
    return True


def _cancel(books: Books, command: Int64Array, events: Int64Array, at: int) -> bool:
    row = books.now[Now.TARGET]
    order = books.orders[row]
    lost = order["open"] if command[5] == NONE else min(command[5], order["open"])
    if not canceled(books, events, at, order, lost, _USER):
        return False
    order["open"] -= lost
    if order["open"] == 0:
        end(books, row)
    settle(books, books.now[Now.INSTRUMENT])
    return True


def _replace(books: Books, command: Int64Array, events: Int64Array, at: int) -> bool:
    row = books.now[Now.TARGET]
    order = books.orders[row]
    left = command[5] - order["traded"] if books.rules[Rules.TOTAL] else command[5]
    down = command[3] == order["price"] and left < order["open"]
    want(books, EventKind.REPLACED, command[2])
    of_amount(books, left, left)
    books.want[Want.NEW_ORDER], books.want[Want.PRICE] = command[1], command[3]
    of_party(books, order)
    if not came(books, events, at):
        return False
    if down and books.rules[Rules.KEEPS_PLACE]:
        remove_order(books, row)
        order["id"], order["open"] = command[1], left
        add_order(books, row)
        settle(books, books.now[Now.INSTRUMENT])
        return True
    taker = books.taker[0]
    taker["id"], taker["price"], taker["open"], taker["traded"] = command[1], command[3], left, order["traded"]
    taker["account"], taker["side"], taker["post_only"] = order["account"], order["side"], order["post_only"]
    taker["type"], taker["tif"], taker["least"] = OrderType.LIMIT, TimeInForce.GTC, 0
    end(books, row)
    set_out(books)
    return True


def _start_mass(books: Books, command: Int64Array) -> None:
    """Count what a mass cancel must take."""
    now, side = books.now, side_asked(command)
    account = (command[11] >> 32) & LOW
    now[Now.PHASE], now[Now.LEFT], now[Now.TAKEN] = Phase.MASS, 0, 0
    spans, both = command[11] & LOW == 0, side == Side.NONE
    for place in range(len(books.instruments)):
        if spans or place == now[Now.INSTRUMENT]:
            count = 0
            for each in range(2):
                if both or side == each:
                    count += live_of(books, 2 * place + each, account)
            books.instruments[place]["touched"] = count > 0
            now[Now.LEFT] += count


def _mass(books: Books, command: Int64Array, events: Int64Array, at: int) -> bool:
    """One of the cancels, in any order; when none is left, the end of them."""
    now = books.now
    if now[Now.LEFT] == 0:
        return done(books, command, events, at)
    row = find_order(books, events[at, 1]) if at >= 0 and kind_of(events[at]) == EventKind.CANCELED else 0
    if row == 0 or not chosen(command, books.orders[row], now[Now.INSTRUMENT]):
        want(books, EventKind.CANCELED, _NOTHING)
        of_cancel(books, NONE, _NOTHING, _MASS_CANCEL)
        of_command(books, command)
        return False
    order = books.orders[row]
    if not canceled(books, events, at, order, order["open"], _MASS_CANCEL):
        return False
    end(books, row)
    now[Now.LEFT] -= 1
    now[Now.TAKEN] += 1
    return True


def _chosen(command: Int64Array, order: Any, place: int) -> bool:
    """Whether a mass cancel means this order."""
    account, side = (command[11] >> 32) & LOW, side_asked(command)
    here = command[11] & LOW == 0 or order["side"] >> 1 == place
    return here and (account == 0 or order["account"] == account) and (side == Side.NONE or order["side"] & 1 == side)


def _done(books: Books, command: Int64Array, events: Int64Array, at: int) -> bool:
    """The end of a mass cancel; then what the quotes that it took away have triggered."""
    want(books, EventKind.DONE, _NOTHING)
    books.want[Want.QTY] = books.now[Now.TAKEN]
    of_command(books, command)
    if not came(books, events, at):
        return False
    after_mass(books, command)
    return True


def _after_mass(books: Books, command: Int64Array) -> None:
    place = books.now[Now.INSTRUMENT]
    if command[11] & LOW == 0 and books.now[Now.STOPS] > 0:
        for each in range(len(books.instruments)):
            look(books, each)
    settle(books, max(place, 0))


def _claims_duplicate(books: Books, event: Int64Array) -> bool:
    """Whether the event refuses a command because of an id, or does not say why."""
    if kind_of(event) not in (EventKind.REJECTED, EventKind.REPLACE_REJECTED):
        return False
    return bool(reason_of(event) == _DUPLICATE or (books.rules[Rules.CARRIED] >> Want.REASON) & 1 == 0)


chosen = compiled(_chosen, inner=True)
after_mass = compiled(_after_mass, inner=True)
done = compiled(_done, inner=True)
mass = compiled(_mass, inner=True)
start_mass = compiled(_start_mass, inner=True)
start = compiled(_start, inner=True)
claims_duplicate = compiled(_claims_duplicate, inner=True)
cancel = compiled(_cancel, inner=True)
replace = compiled(_replace, inner=True)
accept = compiled(_accept, inner=True)
refuse = compiled(_refuse, inner=True)
first = compiled(_first, inner=True)
