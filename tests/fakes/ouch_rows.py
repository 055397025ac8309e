"""Single commands, requests, replies and events for tests of the translation, each with what it stands for."""

import numpy as np

from harness.base.capabilities import Instrument
from harness.base.records import NONE, CommandKind, Event, OrderType, Side, TimeInForce, empty_commands, events_of
from harness.wire import ouch
from harness.wire.ouch_layout import REPLY
from harness.wire.ouch_replies import to_events, to_replies
from harness.wire.ouch_requests import to_commands, to_requests
from harness.wire.ouch_symbols import symbols_of
from harness.wire.ouch_terms import ASKED, Entered, Ids

CENT = 10_000_000
INSTRUMENTS = (
    Instrument(id=7, symbol="ZETA", tick_1e9=CENT),
    Instrument(id=9, symbol="ALPHA", tick_1e9=CENT // 100),
)
SYMBOLS = symbols_of(INSTRUMENTS)
FIRM = ouch.word("ABCD", 4)
NEW = {
    "kind": CommandKind.NEW, "type": OrderType.LIMIT, "tif": TimeInForce.DAY, "side": Side.BUY, "order": 40, "price": 18_912,
    "qty": 500, "instrument": 7, "account": 3, "session": 1,
}  # fmt: skip
CANCEL = {"kind": CommandKind.CANCEL, "target": 40, "instrument": 7, "account": 3}
REPLACE = {
    "kind": CommandKind.REPLACE,
    "order": 41,
    "target": 40,
    "price": 18_920,
    "qty": 600,
    "instrument": 7,
    "account": 3,
}
MASS = {"kind": CommandKind.MASS_CANCEL, "account": 3}


def command(base, **fields):
    made = empty_commands(1)
    for name, value in (base | fields).items():
        made[name] = value
    return made


def ids(own=0, target=0, total=NONE, instrument=0):
    return Ids(
        np.array([own], np.uint64), np.array([target], np.uint64), np.array([total], np.int64), np.array([instrument], np.uint32)
    )  # fmt: skip


def asked(base, own=1, target=1, total=NONE, **fields):
    """The request of a command and what of it cannot be said."""
    told = to_requests(command(base, **fields), ids(own, target, total), SYMBOLS, FIRM)
    return told.requests[0], int(told.unsaid[0])


def request(base, **fields):
    """The request of a command, with some fields set otherwise; `tags` are told to be present."""
    made = to_requests(command(base), ids(1, 1), SYMBOLS, FIRM).requests
    for tag in fields.pop("tags", ()):
        made["present"] |= np.uint32(1 << tag | 1)
    for name, value in fields.items():
        made[name] = value
    return made


def read(made, own=40, target=40, total=NONE, instrument=7):
    """The command of a request and the reason why there is none."""
    told = to_commands(made, ids(own, target, total, instrument), SYMBOLS, 3, FIRM)
    return told.commands[0], int(told.reasons[0])


def told(made, orders=0, makers=-1, **event):
    """The replies that an event gives about the orders of these requests, and why there is none."""
    entered = Entered(made, np.array([orders], np.int64), np.array([makers], np.int64))
    given = to_replies(events_of([Event(**event)]), entered, SYMBOLS)
    return given.replies, given.owners.tolist(), int(given.untold[0])


def heard(kind, row=0, target=0, instrument=7, **fields):
    """The events of one reply to the order 40 of the command 5, and why there is none."""
    reply = np.zeros(1, REPLY)
    reply["type"] = ord(kind)
    for name, value in fields.items():
        reply[name] = ord(value) if isinstance(value, str) else value
    known = np.array([(40, target, 5, instrument, 3)], ASKED)
    given = to_events(reply, known, np.array([row], np.int64), SYMBOLS)
    return given.events, given.sources.tolist(), int(given.untold[0])
