"""The orders of one session as packets of OUCH, all of them before the first is sent: sending them is then cutting bytes.

Of four requests one sells and one buys away from the middle and rests, one takes from what others offer and is canceled for the rest, and one
cancels what bought. So the book stays as small as it is, whatever the sessions' pace, and every new order is answered once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from harness.base.records import Int64Array
from harness.bench._served import PRICE_MAX, SYMBOL
from harness.wire import ouch
from harness.wire.ouch_layout import LENGTH_PRESENT, REQUEST
from harness.wire.soup import split
from harness.wire.soup_kernel import END, Bytes

EACH = 4
"""Requests of a group, of which the last is the cancel."""
NEW = EACH - 1
LEVELS = 32
MIDDLE = PRICE_MAX // 2
WIRE_PRICE = 100
"""A tick of a cent in the units of OUCH, a hundredth of a cent."""


class Orders(NamedTuple):
    """What a session is to send."""

    stream: Bytes
    ends: Int64Array
    """Where each request ends in the stream."""
    first: int
    """The UserRefNum of its first order."""
    row_of: Int64Array
    """Of each new order, by its number from the first on: which request it is."""

    @property
    def last(self) -> int:
        """The UserRefNum of its last order."""
        return self.first + len(self.row_of) - 1


def drawn(count: int, first: int = 1) -> Orders:
    """At least `count` requests, whole groups, numbered from `first` on."""
    groups = -(-count // EACH)
    made = np.zeros((groups, EACH), REQUEST)
    level = np.arange(groups) % LEVELS
    numbers = first + np.arange(groups * NEW).reshape(groups, NEW)
    made["user_ref_num"][:, :NEW] = numbers
    made["type"], made["type"][:, NEW] = ord("O"), ord("X")
    made["present"], made["present"][:, NEW] = LENGTH_PRESENT, 0
    # It sells, buys, takes, and cancels what it bought.
    made["side"][:, :NEW] = list(b"SBB")
    made["price"][:, 0] = (MIDDLE + 1 + level) * WIRE_PRICE
    made["price"][:, 1] = (MIDDLE - 1 - level) * WIRE_PRICE
    made["price"][:, 2] = (MIDDLE + LEVELS) * WIRE_PRICE
    made["user_ref_num"][:, NEW] = numbers[:, 1]
    new = made[:, :NEW]
    new["quantity"], new["symbol"], new["time_in_force"] = 1, ouch.word(SYMBOL, 8), ord("0")
    new["time_in_force"][:, 2] = ord("3")
    new["display"], new["inter_market_sweep_eligibility"] = ord("Y"), ord("N")
    new["capacity"], new["cross_type"] = ord("P"), ord("N")
    stream = ouch.encode_requests(made.reshape(-1))
    rows = np.arange(groups * EACH).reshape(groups, EACH)[:, :NEW].reshape(-1)
    return Orders(stream, split(stream).packets[:, END], first, rows)
