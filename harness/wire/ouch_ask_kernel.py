"""Commands become OUCH requests, or a code that tells which part of them OUCH cannot say: a kernel a batch."""

from __future__ import annotations

from typing import Any

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


def _ask(commands: Commands, ids: Ids, symbols: Symbols, requests: Records, unsaid: npt.NDArray[np.uint8]) -> None:
    """Fill in the requests, which come with what is always the same in them."""
    for row in range(len(commands)):
        kind = commands[row]["kind"]
        if kind == NEW:
            unsaid[row] = ask_new(commands, ids, symbols, requests, row)
        elif kind == CANCEL:
            unsaid[row] = ask_cancel(commands, ids, requests, row)
        elif kind == REPLACE:
            unsaid[row] = ask_replace(commands, ids, symbols, requests, row)
        elif kind == MASS_CANCEL:
            unsaid[row] = ask_mass_cancel(commands, ids, symbols, requests, row)
        else:
            unsaid[row] = KIND


def _ask_new(commands: Commands, ids: Ids, symbols: Symbols, requests: Records, row: Any) -> Any:
    command, told = commands[row], requests[row]
    place = place_of(symbols.ids, U8(command["instrument"]))
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
    told["symbol"] = symbols.symbols[place]
    told["side"] = BUY if side == OF_BUY else SELL
    told["time_in_force"] = DAY if tif == OF_DAY else IOC
    unsaid = put_terms(commands, requests, row)
    return unsaid if unsaid != FINE else put_order(commands, ids, requests, row, symbols.units[place])


def _put_terms(commands: Commands, requests: Records, row: Any) -> Any:
    """Post-only, minimum and display quantity. On the wire a quantity of 0 means that there is none."""
    command, told = commands[row], requests[row]
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


def _put_order(commands: Commands, ids: Ids, requests: Records, row: Any, units: Any) -> Any:
    """Number, quantity and price of a new order or a replace. A quantity of 0 is for the venue to refuse."""
    price, qty, own = commands[row]["price"], commands[row]["qty"], ids.own[row]
    if not U8(0) < own <= U8(NUMBER_MAX):
        return ID
    if not 0 <= qty <= NUMBER_MAX:
        return QUANTITY
    if not 0 <= price <= PRICE_MAX // units:
        return PRICE
    requests[row]["user_ref_num"] = U4(own)
    requests[row]["quantity"] = U4(qty)
    requests[row]["price"] = U8(price * units)
    return FINE


def _ask_replace(commands: Commands, ids: Ids, symbols: Symbols, requests: Records, row: Any) -> Any:
    place, target = place_of(symbols.ids, U8(commands[row]["instrument"])), ids.targets[row]
    if not U8(0) < target <= U8(NUMBER_MAX):
        return ID
    if place < 0:
        return INSTRUMENT
    requests[row]["orig_user_ref_num"] = U4(target)
    return put_order(commands, ids, requests, row, symbols.units[place])


def _ask_cancel(commands: Commands, ids: Ids, requests: Records, row: Any) -> Any:
    """All of the order, or down to a new total: then what is traded need not be known, since it is part of both totals."""
    qty, target, total = commands[row]["qty"], ids.targets[row], ids.totals[row]
    if not U8(0) < target <= U8(NUMBER_MAX):
        return ID
    requests[row]["user_ref_num"] = U4(target)
    if qty == NONE:
        return FINE
    if qty < 1:
        return QUANTITY
    if not 0 <= total <= NUMBER_MAX:
        return TOTAL
    requests[row]["quantity"] = U4(max(total - qty, S(0)))
    return FINE


def _ask_mass_cancel(commands: Commands, ids: Ids, symbols: Symbols, requests: Records, row: Any) -> Any:
    command, told, own = commands[row], requests[row], ids.own[row]
    side, instrument = command["side"], U8(command["instrument"])
    place = place_of(symbols.ids, instrument)
    if not U8(0) < own <= U8(NUMBER_MAX):
        return ID
    if command["account"] == 0:
        return ACCOUNT
    if instrument != U8(0) and place < 0:
        return INSTRUMENT
    if side not in (OF_BUY, OF_SELL, OF_ANY_SIDE):
        return SIDE
    told["user_ref_num"] = U4(own)
    told["symbol"] = U8(BLANK_SYMBOL) if place < 0 else symbols.symbols[place]
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
ask = compiled(_ask)
