"""Commands become OUCH requests, or a code that tells which part of them OUCH cannot say: a kernel a batch."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harness.base.kernels import compiled
from harness.base.records import NONE, CommandKind, Commands, Flag, OrderType, Side, TimeInForce
from harness.wire.ouch import Records
from harness.wire.ouch_layout import LENGTH_PRESENT, TAG_OF
from harness.wire.ouch_symbols import BLANK_SYMBOL, PRICE_MAX, Symbols, place_of
from harness.wire.ouch_terms import NUMBER_MAX, Ids, Unsaid
from harness.wire.ouch_words import BUY, DAY, IOC, POST_ONLY, SELL

S, U4, U8 = np.int64, np.uint32, np.uint64
FINE, KIND, TYPE, TIF, TERMS, ID, INSTRUMENT, SIDE, QUANTITY, PRICE, TOTAL, ACCOUNT = map(int, Unsaid)
NEW, REPLACE, CANCEL, MASS_CANCEL = (
    int(kind) for kind in (CommandKind.NEW, CommandKind.REPLACE, CommandKind.CANCEL, CommandKind.MASS_CANCEL)
)
OF_BUY, OF_SELL, OF_ANY_SIDE = int(Side.BUY), int(Side.SELL), int(Side.NONE)
OF_DAY, OF_IOC, LIMIT, OF_POST_ONLY = (
    int(TimeInForce.DAY),
    int(TimeInForce.IOC),
    int(OrderType.LIMIT),
    int(Flag.POST_ONLY),
)
MIN_QTY_BIT, MAX_FLOOR_BIT, POST_ONLY_BIT, SIDE_BIT = (
    1 << TAG_OF[name] for name in ("min_qty", "max_floor", "post_only", "side")
)


class Asking(NamedTuple):
    """One batch: what is asked, and where the requests go."""

    commands: Commands
    ids: Ids
    symbols: Symbols
    templates: npt.NDArray[np.uint64]
    """By kind of command: a request with what is always the same in it, as words; the last has no type."""
    requests: Records
    words: npt.NDArray[np.uint64]
    """The requests as words."""
    unsaid: npt.NDArray[np.uint8]


def _ask(work: Asking) -> None:
    """Fill in the requests; those that cannot be said stay empty."""
    for row in range(len(work.commands)):
        kind: Any = min(S(work.commands[row]["kind"]), S(len(work.templates) - 1))
        lay_out(work, row, kind)
        unsaid = ask_one(work, row, kind)
        work.unsaid[row] = unsaid
        if unsaid != FINE:
            lay_out(work, row, len(work.templates) - 1)


def _lay_out(work: Asking, row: Any, kind: Any) -> None:
    for word in range(work.words.shape[1]):
        work.words[row, word] = work.templates[kind, word]


def _ask_one(work: Asking, row: Any, kind: Any) -> Any:
    unsaid = KIND
    if kind == NEW:
        unsaid = ask_new(work, row)
    elif kind == CANCEL:
        unsaid = ask_cancel(work, row)
    elif kind == REPLACE:
        unsaid = ask_replace(work, row)
    elif kind == MASS_CANCEL:
        unsaid = ask_mass_cancel(work, row)
    return unsaid


def _ask_new(work: Asking, row: Any) -> Any:
    command, told = work.commands[row], work.requests[row]
    place = place_of(work.symbols.ids, U8(command["instrument"]))
    tif, side = command["tif"], command["side"]
    if command["type"] != LIMIT:
        return TYPE
    if tif not in (OF_DAY, OF_IOC):
        return TIF
    if command["stop"] != NONE or command["expiry_ns"] != NONE or S(command["flags"]) & ~OF_POST_ONLY != 0:
        return TERMS
    if place < 0:
        return INSTRUMENT
    if side not in (OF_BUY, OF_SELL):
        return SIDE
    told["symbol"] = work.symbols.symbols[place]
    told["side"] = BUY if side == OF_BUY else SELL
    told["time_in_force"] = DAY if tif == OF_DAY else IOC
    unsaid = put_terms(work, row)
    return unsaid if unsaid != FINE else put_order(work, row, work.symbols.units[place])


def _put_terms(work: Asking, row: Any) -> Any:
    """Post-only, minimum and display quantity. On the wire a quantity of 0 means that there is none."""
    command, told = work.commands[row], work.requests[row]
    present = S(LENGTH_PRESENT)
    least, display = command["min_qty"], command["display"]
    if command["flags"] != 0:
        told["post_only"] = POST_ONLY
        present |= POST_ONLY_BIT
    if least != NONE:
        if not 0 < least <= NUMBER_MAX:
            return QUANTITY
        told["min_qty"] = U4(least)
        present |= MIN_QTY_BIT
    if display != NONE:
        if not 0 < display <= NUMBER_MAX:
            return QUANTITY
        told["max_floor"] = U4(display)
        present |= MAX_FLOOR_BIT
    told["present"] = U4(present)
    return FINE


def _put_order(work: Asking, row: Any, units: Any) -> Any:
    """Number, quantity and price of a new order or a replace. A quantity of 0 is for the venue to refuse."""
    price, qty, own = work.commands[row]["price"], work.commands[row]["qty"], work.ids.own[row]
    if not U8(0) < own <= U8(NUMBER_MAX):
        return ID
    if not 0 <= qty <= NUMBER_MAX:
        return QUANTITY
    if not 0 <= price <= PRICE_MAX // units:
        return PRICE
    work.requests[row]["user_ref_num"] = U4(own)
    work.requests[row]["quantity"] = U4(qty)
    work.requests[row]["price"] = U8(price * units)
    return FINE


def _ask_replace(work: Asking, row: Any) -> Any:
    place, target = place_of(work.symbols.ids, U8(work.commands[row]["instrument"])), work.ids.targets[row]
    if not U8(0) < target <= U8(NUMBER_MAX):
        return ID
    if place < 0:
        return INSTRUMENT
    work.requests[row]["orig_user_ref_num"] = U4(target)
    return put_order(work, row, work.symbols.units[place])


def _ask_cancel(work: Asking, row: Any) -> Any:
    """All of the order, or down to a new total: then what is traded need not be known, since it is part of both totals."""
    qty, target, total = work.commands[row]["qty"], work.ids.targets[row], work.ids.totals[row]
    if not U8(0) < target <= U8(NUMBER_MAX):
        return ID
    work.requests[row]["user_ref_num"] = U4(target)
    if qty == NONE:
        return FINE
    if qty < 1:
        return QUANTITY
    if not 0 <= total <= NUMBER_MAX:
        return TOTAL
    work.requests[row]["quantity"] = U4(max(total - qty, S(0)))
    return FINE


def _ask_mass_cancel(work: Asking, row: Any) -> Any:
    command, told, own = work.commands[row], work.requests[row], work.ids.own[row]
    side, instrument = command["side"], U8(command["instrument"])
    place = place_of(work.symbols.ids, instrument)
    if not U8(0) < own <= U8(NUMBER_MAX):
        return ID
    if command["account"] == 0:
        return ACCOUNT
    if instrument != U8(0) and place < 0:
        return INSTRUMENT
    if side not in (OF_BUY, OF_SELL, OF_ANY_SIDE):
        return SIDE
    told["user_ref_num"] = U4(own)
    told["symbol"] = U8(BLANK_SYMBOL) if place < 0 else work.symbols.symbols[place]
    if side != OF_ANY_SIDE:
        told["side"] = BUY if side == OF_BUY else SELL
        told["present"] = U4(LENGTH_PRESENT | SIDE_BIT)
    return FINE


put_terms = compiled(_put_terms, inner=True)
put_order = compiled(_put_order, inner=True)
ask_new = compiled(_ask_new, inner=True)
ask_replace = compiled(_ask_replace, inner=True)
ask_cancel = compiled(_ask_cancel, inner=True)
ask_mass_cancel = compiled(_ask_mass_cancel, inner=True)
lay_out = compiled(_lay_out, inner=True)
ask_one = compiled(_ask_one, inner=True)
ask = compiled(_ask)
