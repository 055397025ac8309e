"""Writes events: an event is fourteen 64-bit words, and this is the one place that knows which field lies where in them.

Whole words are stored one after another, which the processor merges into full cache lines; fields of a record would be stored by twos and
fours.
"""

from __future__ import annotations

import numpy as np

from engines.reference.layout import Words
from engines.reference.machine import ZERO, Number, U
from harness.base.kernels import compiled
from harness.base.records import NONE, RECORD_BYTES, Channel, EventKind, Role

EVENT_WORDS = RECORD_BYTES // 8
COMMAND, ORDER, NEW_ORDER, MAKER, MATCH, PRICE, QTY, REMAINING, ENGINE_SEQ, ENGINE_NS, RECEIVED_NS = range(11)
WHO, WHAT, HOW = 11, 12, 13
"""Instrument and account; session, reason << 32, kind << 48 and side << 56; role and channel << 8."""
REASON_AT, KIND_AT, SIDE_AT, CHANNEL_AT = U(32), U(48), U(56), 8

ABSENT = np.int64(NONE)
ONE_SIDE = U(int(Channel.ORDER) << CHANNEL_AT)
BOTH_SIDES = U(int(Channel.ORDER) << CHANNEL_AT | int(Role.BOTH))
ACCEPTED, REJECTED, RESTED, TRIGGERED, TRADE, CANCELED, CANCEL_REJECTED, REPLACED, REPLACE_REJECTED, DONE = (
    U(int(kind))
    for kind in (
        EventKind.ACCEPTED, EventKind.REJECTED, EventKind.RESTED, EventKind.TRIGGERED, EventKind.TRADE, EventKind.CANCELED,
        EventKind.CANCEL_REJECTED, EventKind.REPLACED, EventKind.REPLACE_REJECTED, EventKind.DONE,
    )
)  # fmt: skip


def _tell(
    told: Words, at: Number, asked: Number, order: Number, price: Number, qty: Number, remaining: Number,
    home: Number, side: Number, kind: Number, reason: Number,
) -> None:  # fmt: skip
    """The event at a row. `asked` is what the command gives to all its events: its number, session and the first event's sequence."""
    number, session, first = asked
    told[at, COMMAND] = number
    told[at, ORDER] = order
    told[at, NEW_ORDER] = ZERO
    told[at, MAKER] = ZERO
    told[at, MATCH] = ZERO
    told[at, PRICE] = price
    told[at, QTY] = qty
    told[at, REMAINING] = remaining
    told[at, ENGINE_SEQ] = first + at
    told[at, ENGINE_NS] = ABSENT
    told[at, RECEIVED_NS] = ABSENT
    told[at, WHO] = home
    told[at, WHAT] = session | (U(reason) << REASON_AT) | (kind << KIND_AT) | (side << SIDE_AT)
    told[at, HOW] = ONE_SIDE


tell = compiled(_tell, inner=True)
