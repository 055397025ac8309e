"""Commands and events, the two record types that everything else is made of.

A flow is an array of commands, an engine's answer is an array of events. Both are packed little-endian numpy records of
112 bytes, so that they go to disk, over a ring and into a kernel without being walked one by one. Prices are ticks,
quantities are lots, times are nanoseconds since the run's start; all are integers.

How events follow a command (each event carries the command's number, or 0 where the engine does not say):

- new: `accepted` (price, qty, remaining = qty) or `rejected` (reason). After `accepted` come the `trade`s in the order they
  happened, then at most one of: `rested` (joined the BACK of the queue at price, with remaining) or `canceled` (reason: why
  the remainder went; qty = what went, remaining 0). A fully traded order gets nothing more.
- trade: order and account are the taker's, maker is the resting order, match is the id of the match, price and qty are the
  trade's, remaining and side are the taker's, role is BOTH where one event tells both sides.
- cancel: qty NONE takes all that is open, qty > 0 takes that much (all, if more) and the rest keeps its place. Answered by
  `canceled` (reason USER, qty = what went, remaining = what stays) or `cancel_rejected` (reason).
- replace: target is the order, order its new id (equal to target where ids are kept), price and qty are the new ones; side,
  account, instrument, type, time in force and flags stay. Answered by `replace_rejected` (the order stays as it was) or by
  `replaced` (order = target, new_order, price, qty and remaining = the new open quantity). If the order kept its place nothing
  follows; else what follows a new order after `accepted` follows here.
- mass cancel: account 0, instrument 0 and side NONE each mean "any". One `canceled` (reason MASS_CANCEL) an order in any
  order, then `done` (qty = how many orders).
- self-trade prevention: `canceled` with reason SELF_TRADE for what it took from the maker (order = the resting order) or from
  the taker, in the command that met it.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

RECORD_BYTES = 112
NONE = -(2**63)
"""What a price, quantity or time holds that is absent or that the wire does not carry."""

Commands: TypeAlias = npt.NDArray[np.void]
"""An array of `COMMAND` records, shape (n,)."""
Events: TypeAlias = npt.NDArray[np.void]
"""An array of `EVENT` records, shape (n,)."""
Int64Array: TypeAlias = npt.NDArray[np.int64]


class CommandKind(IntEnum):
    """What a command asks for."""

    NEW = 1
    CANCEL = 2
    REPLACE = 3
    MASS_CANCEL = 4
    HALT = 5
    RESUME = 6
    KILL_ACCOUNT = 7
    PHASE = 8
    ENABLE = 9
    LIMIT = 10
    TICK = 11


class OrderType(IntEnum):
    """How an order is priced and when it becomes active."""

    NONE = 0
    LIMIT = 1
    MARKET = 2
    STOP = 3
    STOP_LIMIT = 4


class TimeInForce(IntEnum):
    """How long an order lives."""

    NONE = 0
    DAY = 1
    IOC = 2
    FOK = 3
    GTC = 4
    GTD = 5


class Flag(IntFlag):
    """Further terms of an order, one bit each."""

    NONE = 0
    POST_ONLY = 1


class Side(IntEnum):
    """Buy or sell; NONE where the wire does not carry it, or for "both" in a mass cancel."""

    BUY = 0
    SELL = 1
    NONE = 255


class EventKind(IntEnum):
    """What an engine says that it did."""

    ACCEPTED = 1
    REJECTED = 2
    RESTED = 3
    TRIGGERED = 4
    TRADE = 5
    TRADE_BUSTED = 6
    CANCELED = 7
    CANCEL_REJECTED = 8
    REPLACED = 9
    REPLACE_REJECTED = 10
    EXPIRED = 11
    HALTED = 12
    RESUMED = 13
    PHASE = 14
    RESTATED = 15
    DONE = 16


class Role(IntEnum):
    """Whose side of a trade an event tells."""

    NONE = 0
    MAKER = 1
    TAKER = 2
    BOTH = 3


class Channel(IntEnum):
    """On which stream an event came."""

    NONE = 0
    ORDER = 1
    DROP_COPY = 2
    MARKET_DATA = 3


class Command(NamedTuple):
    """One row of `COMMAND` as Python integers, for code that is plain rather than fast."""

    number: int
    order: int
    target: int
    price: int
    stop: int
    qty: int
    min_qty: int
    display: int
    expiry_ns: int
    due_ns: int
    sent_ns: int
    instrument: int
    account: int
    session: int
    kind: int
    type: int
    tif: int
    side: int
    flags: int


class Event(NamedTuple):
    """One row of `EVENT` as Python integers; the defaults are what an absent field holds."""

    command: int = 0
    order: int = 0
    new_order: int = 0
    maker: int = 0
    match: int = 0
    price: int = NONE
    qty: int = NONE
    remaining: int = NONE
    engine_seq: int = 0
    engine_ns: int = NONE
    received_ns: int = NONE
    instrument: int = 0
    account: int = 0
    session: int = 0
    reason: int = 0
    kind: int = 0
    side: int = Side.NONE
    role: int = 0
    channel: int = 0


def _packed(fields: tuple[str, ...], widths: dict[str, str]) -> np.dtype[np.void]:
    """A packed little-endian record of RECORD_BYTES; what is left at the end is padding."""
    formats = [widths.get(field, "<i8") for field in fields]
    offsets = [0, *np.cumsum([np.dtype(form).itemsize for form in formats])[:-1].tolist()]
    return np.dtype({"names": list(fields), "formats": formats, "offsets": offsets, "itemsize": RECORD_BYTES})


_U8 = dict.fromkeys(("number", "order", "target", "command", "new_order", "maker", "match", "engine_seq"), "<u8")
_U4 = dict.fromkeys(("instrument", "account", "session"), "<u4")
_U1 = dict.fromkeys(("kind", "type", "tif", "side", "flags", "role", "channel"), "u1")

COMMAND = _packed(Command._fields, _U8 | _U4 | _U1)
EVENT = _packed(Event._fields, _U8 | _U4 | _U1 | {"reason": "<u2"})

_ABSENT_COMMAND = np.zeros(1, COMMAND)
_ABSENT_COMMAND["side"] = Side.NONE
for _field in ("price", "stop", "qty", "min_qty", "display", "expiry_ns", "due_ns", "sent_ns"):
    _ABSENT_COMMAND[_field] = NONE


def empty_commands(count: int) -> Commands:
    """`count` commands in which every field is absent."""
    return np.repeat(_ABSENT_COMMAND, count)


def command_rows(commands: Commands) -> list[Command]:
    """The commands as named tuples, in order."""
    return [Command._make(row) for row in commands.tolist()]


def event_rows(events: Events) -> list[Event]:
    """The events as named tuples, in order."""
    return [Event._make(row) for row in events.tolist()]


def events_of(rows: list[Event]) -> Events:
    """The rows as one array."""
    return np.array(rows, dtype=EVENT)


def commands_of(rows: list[Command]) -> Commands:
    """The rows as one array."""
    return np.array(rows, dtype=COMMAND)
