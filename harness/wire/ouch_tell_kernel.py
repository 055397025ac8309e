"""Events become OUCH replies: a kernel a batch."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harness.base.kernels import compiled
from harness.base.reasons import Reason
from harness.base.records import NONE, EventKind, Events, Int64Array, Role
from harness.wire.ouch import Records
from harness.wire.ouch_echoes import Echoes
from harness.wire.ouch_kernel import Rows
from harness.wire.ouch_layout import LENGTH_PRESENT, TAG_OF
from harness.wire.ouch_symbols import Symbols, place_of
from harness.wire.ouch_terms import NUMBER_MAX, Untold
from harness.wire.ouch_words import (
    ADDED,
    CONTINUOUS,
    LIVE,
    NO,
    NO_CROSS,
    NO_PEG,
    NO_REPLACE,
    NO_SWEEP,
    NOT_SHOWN,
    REJECT_OTHER,
    REMOVED,
    TIME_UP,
    VISIBLE,
)

S, U4, U8 = np.int64, np.uint32, np.uint64
PRICE_LIMIT = 2**62
"""A price that stays below it, in the wire's units, can be reckoned with."""


class Telling(NamedTuple):
    """One batch: what is told, and where the replies go."""

    events: Events
    symbols: Symbols
    requests: Records
    request_rows: Rows
    """The requests as bytes."""
    orders: Int64Array
    """The request of each event's order, by its row; -1: it came by none."""
    makers: Int64Array
    replies: Records
    reply_rows: Rows
    owners: Int64Array
    """A reply's request, by its row."""
    untold: npt.NDArray[np.uint8]
    echoes: Echoes
    reject_codes: npt.NDArray[np.uint16]
    """By reason."""
    cancel_codes: npt.NDArray[np.uint16]


ACCEPTED, REPLACED, CANCELED, EXECUTED, REJECTED, MASS_CANCELED = map(ord, "AUCEJX")
OF_ACCEPTED, OF_REJECTED, OF_TRADE, OF_CANCELED = (
    int(kind) for kind in (EventKind.ACCEPTED, EventKind.REJECTED, EventKind.TRADE, EventKind.CANCELED)
)
OF_EXPIRED, OF_REPLACED, OF_REPLACE_REJECTED, OF_DONE = (
    int(kind) for kind in (EventKind.EXPIRED, EventKind.REPLACED, EventKind.REPLACE_REJECTED, EventKind.DONE)
)
OF_MAKER, OF_TAKER = int(Role.MAKER), int(Role.TAKER)
IGNORED = (int(Reason.UNKNOWN_ORDER), int(Reason.NOT_OWNER), int(Reason.DUPLICATE_ORDER_ID))
"""A replace that is refused for one of these gets no answer: its original is not live, or its number was used."""
FINE, KIND, ORDER, QUANTITY, PRICE = map(int, Untold)
UNSUPPORTED = int(Reason.UNSUPPORTED)
NEW_TYPE, REPLACE_TYPE = map(ord, "OU")
PEGGED = U4(sum(1 << TAG_OF[name] for name in ("peg_offset", "discretion_price", "discretion_peg_offset")))
CHANNEL_TAG = TAG_OF["user_ref_idx"]


def _tell(work: Telling) -> Any:
    """Tell all events in their order; how many replies there are."""
    at: Any = S(0)
    for row in range(len(work.events)):
        letter = letter_of(work, row)
        if letter == 0:
            work.untold[row] = KIND
        elif work.orders[row] < 0 and letter != EXECUTED:
            work.untold[row] = ORDER
        else:
            work.untold[row] = numbers_fault(work, row, letter)
            before = at
            if work.untold[row] == FINE:
                at = tell_one(work, row, at, letter)
                if at == before:
                    work.untold[row] = ORDER
    return at


def _letter_of(work: Telling, row: Any) -> Any:
    """The reply that an event is told by; 0: none."""
    kind, reason = work.events[row]["kind"], work.events[row]["reason"]
    letter = 0
    if kind == OF_ACCEPTED:
        letter = ACCEPTED
    elif kind == OF_TRADE:
        letter = EXECUTED
    elif kind in (OF_CANCELED, OF_EXPIRED):
        letter = CANCELED
    elif kind == OF_REPLACED:
        letter = REPLACED
    elif kind == OF_REJECTED or (kind == OF_REPLACE_REJECTED and reason not in IGNORED):
        letter = REJECTED
    elif kind == OF_DONE:
        letter = MASS_CANCELED
    return letter


def _numbers_fault(work: Telling, row: Any, letter: Any) -> Any:
    """Whether quantity and price, where the reply has them, can be told exactly."""
    qty, price = work.events[row]["qty"], work.events[row]["price"]
    if letter in (REJECTED, MASS_CANCELED):
        return FINE
    if not 0 <= qty <= NUMBER_MAX:
        return QUANTITY
    if letter == CANCELED:
        return FINE
    place = place_of(work.symbols.ids, U8(work.events[row]["instrument"]))
    return FINE if place >= 0 and 0 <= price < PRICE_LIMIT // work.symbols.units[place] else PRICE


def _tell_one(work: Telling, row: Any, at: Any, letter: Any) -> Any:
    """One reply, or one for each side of a trade that came by a request; the place behind them."""
    if letter != EXECUTED:
        put_reply(work, row, at, letter, work.orders[row])
        put_reason(work, row, at, letter)
        return at + 1
    role = work.events[row]["role"]
    if role != OF_MAKER and work.orders[row] >= 0:
        put_reply(work, row, at, letter, work.orders[row])
        work.replies[at]["liquidity_flag"] = REMOVED
        at += 1
    if role != OF_TAKER and work.makers[row] >= 0:
        put_reply(work, row, at, letter, work.makers[row])
        work.replies[at]["liquidity_flag"] = ADDED
        at += 1
    return at


def _put_reply(work: Telling, row: Any, at: Any, letter: Any, request: Any) -> None:
    """What the reply repeats of the request, and what the event says of it."""
    event, told, echoes = work.events[row], work.replies[at], work.echoes
    for pair in range(echoes.counts[letter]):
        place = echoes.pairs[letter, pair, 1]
        work.reply_rows[at, place] = work.request_rows[request, echoes.pairs[letter, pair, 0]]
    present = S(work.requests[request]["present"]) & echoes.tags[letter]
    if echoes.always[letter] == 0 and work.requests[request]["user_ref_idx"] == 0:
        present = S(0)
        told["user_ref_idx"] = 0
    else:
        present |= LENGTH_PRESENT
    told["present"] = U4(present)
    told["type"] = letter
    if event["engine_ns"] != NONE:
        told["timestamp"] = U8(event["engine_ns"])
    work.owners[at] = request
    if letter in (ACCEPTED, REPLACED, EXECUTED, CANCELED):
        told["quantity"] = U4(event["qty"])
    if letter in (ACCEPTED, REPLACED, EXECUTED):
        units = work.symbols.units[place_of(work.symbols.ids, U8(event["instrument"]))]
        told["price"] = U8(event["price"] * units)
    if letter == EXECUTED:
        told["match_number"] = event["match"]
    elif letter in (ACCEPTED, REPLACED):
        told["order_reference_number"] = event["order"] if letter == ACCEPTED else event["new_order"]
        told["order_state"] = LIVE


def _put_reason(work: Telling, row: Any, at: Any, letter: Any) -> None:
    """Why something was rejected or canceled. What lies beyond the table is told as its last entry, which no reason of ours has."""
    reason: Any = min(S(work.events[row]["reason"]), S(len(work.reject_codes) - 1))
    if letter == REJECTED:
        code = work.reject_codes[reason]
        work.replies[at]["reject_reason"] = unsupported_code(work, at) if reason == UNSUPPORTED else code
    elif letter == CANCELED:
        expired = work.events[row]["kind"] == OF_EXPIRED
        work.replies[at]["reason"] = TIME_UP if expired else work.cancel_codes[reason]


def _unsupported_code(work: Telling, at: Any) -> Any:
    """Which of the things that the request asked for is not offered, where the document has a word for it."""
    request = work.requests[work.owners[at]]
    code = REJECT_OTHER
    if request["type"] == REPLACE_TYPE:
        code = NO_REPLACE
    elif request["type"] == NEW_TYPE:
        if request["cross_type"] != CONTINUOUS:
            code = NO_CROSS
        elif request["inter_market_sweep_eligibility"] != NO:
            code = NO_SWEEP
        elif request["present"] & PEGGED != 0:
            code = NO_PEG
        elif request["display"] != VISIBLE:
            code = NOT_SHOWN
    return code


unsupported_code = compiled(_unsupported_code, inner=True)
letter_of = compiled(_letter_of, inner=True)
numbers_fault = compiled(_numbers_fault, inner=True)
put_reply = compiled(_put_reply, inner=True)
put_reason = compiled(_put_reason, inner=True)
tell_one = compiled(_tell_one, inner=True)
tell = compiled(_tell)
