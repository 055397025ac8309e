"""OUCH requests become commands, or a reason why the venue cannot take them: a kernel a batch."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harness.base.kernels import compiled
from harness.base.reasons import Reason
from harness.base.records import NONE, Commands
from harness.wire.ouch import Records
from harness.wire.ouch_ask_kernel import (
    CANCEL,
    LIMIT,
    MASS_CANCEL,
    NEW,
    OF_BUY,
    OF_DAY,
    OF_IOC,
    OF_POST_ONLY,
    OF_SELL,
    REPLACE,
    SIDE_BIT,
)
from harness.wire.ouch_symbols import BLANK_SYMBOL, PRICE_MAX, Symbols, place_of
from harness.wire.ouch_terms import Ids
from harness.wire.ouch_words import (
    BUY,
    CAPACITIES,
    CONTINUOUS,
    DAY,
    IOC,
    NO,
    POST_ONLY,
    SELL,
    SELL_SHORT,
    SELL_SHORT_EXEMPT,
    VISIBLE,
)

S, U8 = np.int64, np.uint64
TYPE_NEW, TYPE_REPLACE, TYPE_CANCEL, TYPE_MASS_CANCEL = map(ord, "OUXC")
FINE, UNSUPPORTED = int(Reason.NONE), int(Reason.UNSUPPORTED)
INVALID_ORDER_ID, INVALID_SIDE, SHORT_SALE = (
    int(reason) for reason in (Reason.INVALID_ORDER_ID, Reason.INVALID_SIDE, Reason.RISK_SHORT_SALE)
)
INVALID_QUANTITY, INVALID_PRICE, INVALID_TERMS = (
    int(reason) for reason in (Reason.INVALID_QUANTITY, Reason.INVALID_PRICE, Reason.INVALID_TERMS)
)
UNKNOWN_ORDER, UNKNOWN_INSTRUMENT, UNKNOWN_ACCOUNT = (
    int(reason) for reason in (Reason.UNKNOWN_ORDER, Reason.UNKNOWN_INSTRUMENT, Reason.UNKNOWN_ACCOUNT)
)


class Reading(NamedTuple):
    """One batch: what is read, whose it is, and where the commands go."""

    requests: Records
    ids: Ids
    symbols: Symbols
    account: int
    firm: int
    commands: Commands
    reasons: npt.NDArray[np.uint16]


def _read(work: Reading) -> None:
    """Fill in the commands, which come with every field absent."""
    for row in range(len(work.requests)):
        kind = work.requests[row]["type"]
        work.commands[row]["account"] = work.account
        if kind == TYPE_NEW:
            work.reasons[row] = read_new(work, row)
        elif kind == TYPE_CANCEL:
            work.reasons[row] = read_cancel(work, row)
        elif kind == TYPE_REPLACE:
            work.reasons[row] = read_replace(work, row)
        elif kind == TYPE_MASS_CANCEL:
            work.reasons[row] = read_mass_cancel(work, row)
        else:
            work.reasons[row] = UNSUPPORTED


def _read_new(work: Reading, row: Any) -> Any:
    request, told = work.requests[row], work.commands[row]
    place = place_of(work.symbols.sorted_symbols, request["symbol"])
    if place < 0:
        return UNKNOWN_INSTRUMENT
    place = work.symbols.places[place]
    reason = read_terms(work, row)
    if reason != FINE:
        return reason
    told["kind"] = NEW
    told["type"] = LIMIT
    told["instrument"] = work.symbols.ids[place]
    return read_order(work, row, work.symbols.units[place])


def _read_terms(work: Reading, row: Any) -> Any:
    """Side and terms of a new order; what is not understood is refused and never taken for something near."""
    request, told = work.requests[row], work.commands[row]
    side, tif, post_only = request["side"], request["time_in_force"], request["post_only"]
    if side in (SELL_SHORT, SELL_SHORT_EXEMPT):
        return SHORT_SALE
    if side not in (BUY, SELL):
        return INVALID_SIDE
    if request["capacity"] not in CAPACITIES or post_only not in (0, POST_ONLY, NO):
        return INVALID_TERMS
    if tif not in (DAY, IOC) or request["cross_type"] != CONTINUOUS or is_special(work, row):
        return UNSUPPORTED
    told["side"] = OF_BUY if side == BUY else OF_SELL
    told["tif"] = OF_DAY if tif == DAY else OF_IOC
    told["flags"] = OF_POST_ONLY if post_only == POST_ONLY else 0
    if request["min_qty"] != 0:
        told["min_qty"] = request["min_qty"]
    if request["max_floor"] != 0:
        told["display"] = request["max_floor"]
    return FINE


def _is_special(work: Reading, row: Any) -> Any:
    """Whether an order or replace is hidden, attributed, or an intermarket sweep."""
    return work.requests[row]["display"] != VISIBLE or work.requests[row]["inter_market_sweep_eligibility"] != NO


def _read_order(work: Reading, row: Any, units: Any) -> Any:
    """Id, quantity and price. A price between two ticks is refused, as is one that is no limit price."""
    price = work.requests[row]["price"]
    if work.ids.own[row] == U8(0):
        return INVALID_ORDER_ID
    if price > U8(PRICE_MAX) or S(price) % units != 0:
        return INVALID_PRICE
    work.commands[row]["order"] = work.ids.own[row]
    work.commands[row]["qty"] = work.requests[row]["quantity"]
    work.commands[row]["price"] = S(price) // units
    return FINE


def _read_replace(work: Reading, row: Any) -> Any:
    """What rests is a visible day order: a replace must leave it so."""
    request, told = work.requests[row], work.commands[row]
    place = place_of(work.symbols.ids, U8(work.ids.instruments[row]))
    if work.ids.targets[row] == U8(0) or place < 0:
        return UNKNOWN_ORDER
    if request["time_in_force"] != DAY or is_special(work, row):
        return UNSUPPORTED
    told["kind"] = REPLACE
    told["target"] = work.ids.targets[row]
    told["instrument"] = work.ids.instruments[row]
    return read_order(work, row, work.symbols.units[place])


def _read_cancel(work: Reading, row: Any) -> Any:
    """All of the order, or what its total is above the one that is asked for."""
    told, wanted, total = work.commands[row], S(work.requests[row]["quantity"]), work.ids.totals[row]
    if work.ids.targets[row] == U8(0):
        return UNKNOWN_ORDER
    told["kind"] = CANCEL
    told["target"] = work.ids.targets[row]
    told["instrument"] = work.ids.instruments[row]
    if wanted == 0:
        return FINE
    if total == NONE:
        return UNSUPPORTED
    told["qty"] = total - wanted
    return FINE if total > wanted else INVALID_QUANTITY


def _read_mass_cancel(work: Reading, row: Any) -> Any:
    request, told = work.requests[row], work.commands[row]
    told["kind"] = MASS_CANCEL
    if S(request["firm"]) != work.firm:
        return UNKNOWN_ACCOUNT
    if request["symbol"] != U8(BLANK_SYMBOL):
        place = place_of(work.symbols.sorted_symbols, request["symbol"])
        if place < 0:
            return UNKNOWN_INSTRUMENT
        told["instrument"] = work.symbols.ids[work.symbols.places[place]]
    if S(request["present"]) & SIDE_BIT != 0:
        side = request["side"]
        if side in (SELL_SHORT, SELL_SHORT_EXEMPT):
            return SHORT_SALE
        if side not in (BUY, SELL):
            return INVALID_SIDE
        told["side"] = OF_BUY if side == BUY else OF_SELL
    return FINE


is_special = compiled(_is_special, inner=True)
read_terms = compiled(_read_terms, inner=True)
read_order = compiled(_read_order, inner=True)
read_new = compiled(_read_new, inner=True)
read_replace = compiled(_read_replace, inner=True)
read_cancel = compiled(_read_cancel, inner=True)
read_mass_cancel = compiled(_read_mass_cancel, inner=True)
read = compiled(_read)
