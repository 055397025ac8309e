"""OUCH replies become events: a kernel a batch. A field that the wire does not carry stays absent."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harness.base.kernels import compiled
from harness.base.reasons import Reason
from harness.base.records import EventKind, Events, Int64Array, Role, Side
from harness.wire.ouch import Records
from harness.wire.ouch_symbols import Symbols, place_of
from harness.wire.ouch_tell_kernel import (
    ACCEPTED,
    CANCELED,
    EXECUTED,
    FINE,
    KIND,
    MASS_CANCELED,
    OF_ACCEPTED,
    OF_CANCELED,
    OF_DONE,
    OF_EXPIRED,
    OF_REJECTED,
    OF_REPLACE_REJECTED,
    OF_REPLACED,
    OF_TRADE,
    ORDER,
    PRICE,
    PRICE_LIMIT,
    REJECTED,
    REPLACED,
)
from harness.wire.ouch_words import BUY, DEAD, TIME_UP

S, U8 = np.int64, np.uint64
SELF_MATCHED, BROKEN, CANCEL_REFUSED, REPRIORITIZED, RESTATED = map(ord, "DBITR")
OF_CANCEL_REJECTED, OF_BUSTED, OF_RESTATED = (
    int(kind) for kind in (EventKind.CANCEL_REJECTED, EventKind.TRADE_BUSTED, EventKind.RESTATED)
)
OF_BUY, OF_SELL, MAKER = int(Side.BUY), int(Side.SELL), int(Role.MAKER)
SELF_TRADE, OTHER = int(Reason.SELF_TRADE), int(Reason.OTHER)


class Hearing(NamedTuple):
    """One batch: what is heard, and where the events go."""

    replies: Records
    symbols: Symbols
    asked: npt.NDArray[np.void]
    """`ASKED` records."""
    rows: Int64Array
    """The row in `asked` of each reply's UserRefNum; below 0: never sent."""
    events: Events
    sources: Int64Array
    """The reply of each event, by its row."""
    untold: npt.NDArray[np.uint8]
    reject_reasons: npt.NDArray[np.uint16]
    """By code."""
    cancel_reasons: npt.NDArray[np.uint16]
    roles: npt.NDArray[np.uint16]
    """By liquidity flag."""


def _hear(work: Hearing) -> Any:
    """Hear all replies in their order; how many events there are."""
    at: Any = S(0)
    for row in range(len(work.replies)):
        kind = kind_of(work, row)
        if kind == 0:
            work.untold[row] = KIND
        elif work.rows[row] < 0:
            work.untold[row] = ORDER
        elif not is_on_tick(work, row):
            work.untold[row] = PRICE
        else:
            work.untold[row] = FINE
            at = hear_one(work, row, at, kind)
    return at


def _kind_of(work: Hearing, row: Any) -> Any:
    """The event that a reply tells of; 0: none."""
    letter = work.replies[row]["type"]
    kind = 0
    if letter == ACCEPTED:
        kind = OF_ACCEPTED
    elif letter == EXECUTED:
        kind = OF_TRADE
    elif letter in (CANCELED, SELF_MATCHED):
        kind = OF_EXPIRED if letter == CANCELED and work.replies[row]["reason"] == TIME_UP else OF_CANCELED
    elif letter == REPLACED:
        kind = OF_REPLACED
    elif letter == REJECTED:
        is_new = work.rows[row] < 0 or work.asked[work.rows[row]]["target"] == U8(0)
        kind = OF_REJECTED if is_new else OF_REPLACE_REJECTED
    elif letter == CANCEL_REFUSED:
        kind = OF_CANCEL_REJECTED
    elif letter == BROKEN:
        kind = OF_BUSTED
    elif letter in (REPRIORITIZED, RESTATED):
        kind = OF_RESTATED
    elif letter == MASS_CANCELED:
        kind = OF_DONE
    return kind


def _units_of(work: Hearing, row: Any) -> Any:
    """How many of the wire's units one tick is; 0 where the instrument is not known."""
    place = place_of(work.symbols.ids, U8(work.asked[work.rows[row]]["instrument"]))
    return work.symbols.units[place] if place >= 0 else S(0)


def _has_price(work: Hearing, row: Any) -> Any:
    return work.replies[row]["type"] in (ACCEPTED, REPLACED, EXECUTED, REPRIORITIZED)


def _is_on_tick(work: Hearing, row: Any) -> Any:
    if not has_price(work, row):
        return True
    price, units = work.replies[row]["price"], units_of(work, row)
    return units > 0 and price < U8(PRICE_LIMIT) and S(price) % units == 0


def _hear_one(work: Hearing, row: Any, at: Any, kind: Any) -> Any:
    """One event, and another for an order that died in the moment of its acceptance; the place behind them."""
    reply, told, asked = work.replies[row], work.events[at], work.asked[work.rows[row]]
    put_event(work, row, at, kind)
    if kind in (OF_ACCEPTED, OF_REPLACED):
        told["command"] = asked["command"]
        told["side"] = OF_BUY if reply["side"] == BUY else OF_SELL
        told["qty"] = reply["quantity"]
        if kind == OF_REPLACED:
            told["remaining"] = reply["quantity"]
    elif kind in (OF_REJECTED, OF_REPLACE_REJECTED):
        told["command"] = asked["command"]
        told["reason"] = work.reject_reasons[reply["reject_reason"]]
    elif kind in (OF_CANCELED, OF_EXPIRED):
        put_canceled(work, row, at, kind)
    elif kind == OF_TRADE:
        put_trade(work, row, at)
    elif kind == OF_CANCEL_REJECTED:
        told["reason"] = OTHER
    elif kind == OF_BUSTED:
        told["match"] = reply["match_number"]
    elif kind == OF_DONE:
        told["command"] = asked["command"]
        told["order"] = 0
        told["instrument"] = 0
    if kind in (OF_ACCEPTED, OF_REPLACED) and reply["order_state"] == DEAD:
        put_dead(work, row, at + 1)
        return at + 2
    return at + 1


def _put_event(work: Hearing, row: Any, at: Any, kind: Any) -> None:
    """What all events have: the order, which of a replace is the one that it renames."""
    reply, told, asked = work.replies[row], work.events[at], work.asked[work.rows[row]]
    told["kind"] = kind
    told["order"] = asked["order"]
    if kind in (OF_REPLACED, OF_REPLACE_REJECTED):
        told["order"] = asked["target"]
        told["new_order"] = asked["order"]
    told["instrument"] = asked["instrument"]
    told["account"] = asked["account"]
    told["engine_ns"] = S(reply["timestamp"])
    if has_price(work, row):
        told["price"] = S(reply["price"]) // units_of(work, row)
    work.sources[at] = row


def _put_canceled(work: Hearing, row: Any, at: Any, kind: Any) -> None:
    """What went, never what remains: the wire does not say it."""
    reply, told = work.replies[row], work.events[at]
    if reply["type"] == SELF_MATCHED:
        told["qty"] = reply["decrement_shares"]
        told["reason"] = SELF_TRADE
    else:
        told["qty"] = reply["quantity"]
        told["reason"] = 0 if kind == OF_EXPIRED else work.cancel_reasons[reply["reason"]]


def _put_trade(work: Hearing, row: Any, at: Any) -> None:
    """One side of a trade. Of a maker's, the other side's order and account are not told."""
    reply, told = work.replies[row], work.events[at]
    told["qty"] = reply["quantity"]
    told["match"] = reply["match_number"]
    told["role"] = work.roles[reply["liquidity_flag"]]
    if told["role"] == MAKER:
        told["maker"] = told["order"]
        told["order"] = 0
        told["account"] = 0


def _put_dead(work: Hearing, row: Any, at: Any) -> None:
    """All of it was canceled at once, and nothing more will be said of it."""
    reply, told, asked = work.replies[row], work.events[at], work.asked[work.rows[row]]
    put_event(work, row, at, OF_CANCELED)
    told["command"] = asked["command"]
    told["qty"] = reply["quantity"]
    told["remaining"] = 0
    told["reason"] = OTHER
    told["side"] = OF_BUY if reply["side"] == BUY else OF_SELL


units_of = compiled(_units_of, inner=True)
has_price = compiled(_has_price, inner=True)
is_on_tick = compiled(_is_on_tick, inner=True)
kind_of = compiled(_kind_of, inner=True)
put_event = compiled(_put_event, inner=True)
put_canceled = compiled(_put_canceled, inner=True)
put_trade = compiled(_put_trade, inner=True)
put_dead = compiled(_put_dead, inner=True)
hear_one = compiled(_hear_one, inner=True)
hear = compiled(_hear)
