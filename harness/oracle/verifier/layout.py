"""The records that the verifier keeps, and the names of its registers.

All words are signed 64 bits, ids by their bit pattern: ids are only ever compared for being equal, and numba turns signed and unsigned
words together into floats. It also takes signed sums and products never to overflow, so none here may. Links are unsigned 32 bits, since an index that cannot be negative needs no test. Row 0 of orders and
levels is nobody's, so that a link of 0 means none.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from harness.base.records import RECORD_BYTES, Int64Array

Records: TypeAlias = npt.NDArray[np.void]
WORDS = RECORD_BYTES // 8
HIGHEST = 2**63 - 1
LOW = 2**32 - 1
NO_SIDE = 255
ANYBODY = -1
"""Where the accounts of an instrument begin that every account may trade."""

ORDER = np.dtype(
    [
        ("id", "<i8"), ("price", "<i8"), ("open", "<i8"), ("traded", "<i8"),
        ("next", "<u4"), ("prev", "<u4"), ("level", "<u4"), ("group", "<u4"), ("account", "<u4"), ("side", "<i4"),
        ("state", "u1"), ("type", "u1"), ("tif", "u1"), ("post_only", "u1"),
    ],
    align=True,
)  # fmt: skip
"""A live order, one line of the processor's cache. `side` is twice the place of its instrument, and one more for a sell."""
FREE, RESTING, WAITING, GONE = range(4)
"""The states of an order; GONE is a stop that was canceled while its entry still stands in the heap of stops."""

TAKER = np.dtype(
    [
        ("id", "<i8"), ("price", "<i8"), ("reach", "<i8"), ("open", "<i8"), ("traded", "<i8"),
        ("least", "<i8"), ("account", "<u4"), ("side", "<i4"), ("type", "u1"), ("tif", "u1"), ("post_only", "u1"),
    ],
    align=True,
)  # fmt: skip
"""The order that is being matched. `reach` is the worst rank of the opposite side that it may trade with,
`least` its minimum quantity, 0 for none."""

LEVEL = np.dtype(
    [("rank", "<i8"), ("price", "<i8"), ("head", "<u4"), ("tail", "<u4"), ("side", "<i4"), ("listed", "u1")], align=True
)
"""A price of a side with its orders, first in first out. `rank` is lower for a better price; `listed`: it has an entry in the heap."""

ENTRY = np.dtype([("rank", "<i8"), ("ticket", "<i8"), ("row", "<u4")], align=True)
"""A node of a heap: the lowest rank first, then the earliest ticket."""

HEAP = np.dtype([("start", "<i8"), ("count", "<i8"), ("room", "<i8")])
"""Where a heap stands in the arena. The heaps of all sides' prices come first, then those of all sides' stops."""

SIDE = np.dtype([("live", "<i8"), ("best", "<u4")], align=True)
"""The best level of a side, and how many orders are live on it, resting or waiting."""

GROUP = np.dtype([("key", "<i8"), ("count", "<i8")])
"""How many orders of an account are live on a side: what a mass cancel must take."""

INSTRUMENT = np.dtype(
    [
        ("id", "<i8"), ("price_min", "<i8"), ("price_max", "<i8"), ("price_step", "<i8"), ("qty_min", "<i8"), ("qty_max", "<i8"),
        ("order_qty_max", "<i8"), ("value_high", "<u8"), ("value_low", "<u8"), ("collar", "<u8"), ("reference", "<i8"),
        ("last", "<i8"), ("accounts_from", "<i8"), ("accounts_to", "<i8"), ("valued", "u1"), ("stopped", "u1"), ("touched", "u1"),
    ],
    align=True,
)  # fmt: skip
"""The bounds and limits of an instrument, its last trade, whether it is judged no more and whether this command concerned it."""


class Books(NamedTuple):
    """All that the kernels are given."""

    orders: Records
    ids: Int64Array
    levels: Records
    prices: Int64Array
    """Where the level of a side and price stands; `ids` and this hold words of a tag and a row."""
    sides: Records
    heaps: Records
    arena: Records
    scratch: Records
    """As long as the arena: for walking a heap in order without changing it."""
    groups: Records
    queue: Records
    """The stops that have triggered, as entries: their stop price, ticket and order."""
    instruments: Records
    listing: Int64Array
    """Where the instrument of an id stands, and one more, so that a word of 0 is nobody's."""
    accounts: Int64Array
    """The accounts that may trade, ascending within each instrument's stretch."""
    taker: Records
    rules: Int64Array
    want: Int64Array
    now: Int64Array


class Phase(IntEnum):
    """What the answer to the present command waits for."""

    NONE = 0
    """Nothing: the answer is whole, or no command has come yet."""
    FIRST = 1
    MATCH = 2
    LOSE = 3
    """The incoming order's share of a prevented self-trade."""
    MASS = 4
    TRIGGER = 5
    SKIP = 6
    """The command's instrument is judged no more."""


class Status(IntEnum):
    """Why the loop over the events came back."""

    DONE = 0
    GO = 1
    ROOM = 2
    """A table is full: grow it and go on."""
    COMMANDS = 3
    """The next stretch of commands is needed."""
    BREACH = 4
    UNFINISHED = 5
    """The next answer begins and this one is not whole."""
    OUT_OF_PLACE = 6
    STRAY = 7
    """A further event of an answer that went wrong, on an instrument that is still judged."""


class Now(IntEnum):
    """The registers: what changes with every event."""

    PHASE = 0
    NUMBER = 1
    ROW = 2
    """Which row of the stretch of commands is being answered."""
    LAST = 3
    """The highest number sent so far."""
    EVENT = 4
    TOLD = 5
    """How many events of the present answer were legal."""
    INSTRUMENT = 6
    """The place of the command's instrument; -1 where it is none of ours."""
    TARGET = 7
    """The row of the order that a cancel or replace names."""
    KILL = 8
    """Why the incoming order must be canceled whole before it trades; 0 where it need not."""
    AMOUNT = 9
    LEFT = 10
    """How many orders a mass cancel still has to take."""
    TAKEN = 11
    TICKET = 12
    HEAD = 13
    TAIL = 14
    """The stretch of the queue of triggered stops that is still to be carried out."""
    STOPS = 15
    """How many entries all heaps of stops hold."""
    FREE = 16
    LEVELS = 17
    """The next level that was never used."""
    GROUPS = 18
    ARENA = 19
    """The first place of the arena that no heap has."""
    TIGHT = 20
    """Whether a table is full, so that the next event must wait until it has grown."""
    STOPPED = 21
    """How many instruments are judged no more."""
    FAILED = 22
    """Whether the present answer went wrong."""
    ELSEWHERE = 23
    """Whether instruments that are none of ours are judged no more."""
    NAMELESS = 24
    JUDGED = 25
    TRADES = 26
    CANCELS = 27
    TRIGGERED = 28
    REFUSED = 29


class Rules(IntEnum):
    """What the engine offers, as sets of bits by code, and its conventions."""

    KINDS = 0
    TYPES = 1
    TIFS = 2
    FLAGS = 3
    MIN_QTY = 4
    CARRIED = 5
    """The fields of `Want` that the wire carries."""
    SELF_TRADE = 6
    KEEPS_PLACE = 7
    TOTAL = 8
    QUOTE = 9
    BY_TIME = 10
    EACH_FILL = 11
    CANCELED_QTY = 12
    """Whether the wire carries how much of an order a cancel took."""


class Want(IntEnum):
    """The fields of the event that must come, in the order in which a difference is named."""

    KIND = 0
    ORDER = 1
    MAKER = 2
    NEW_ORDER = 3
    PRICE = 4
    QTY = 5
    REMAINING = 6
    REASON = 7
    ACCOUNT = 8
    SIDE = 9
    ROLE = 10
    INSTRUMENT = 11


class Mode(IntEnum):
    """The modes of self-trade prevention."""

    NONE = 0
    CANCEL_NEWEST = 1
    CANCEL_OLDEST = 2
    CANCEL_BOTH = 3
    DECREMENT = 4
