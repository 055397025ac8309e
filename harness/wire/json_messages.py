"""What stands in a line of docs/json-lines.md: commands, events, and the few messages around them, with the names of all codes.

Names are those of `harness.base.records` in lower case, absent fields are left out, and a field that is not in the protocol is an error:
a misspelt one would else count as absent. A code without a name is told as its number in digits, so that every record comes back as it
was, but for what no line carries: times of sending and of receipt.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag

import msgspec

from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.reasons import Reason
from harness.base.records import NONE, Channel, CommandKind, EventKind, Flag, OrderType, Role, Side, TimeInForce

VERSION = 1
"""Of the protocol. 1: the first."""


class Words:
    """Names of codes both ways; a code without a name is its number in digits."""

    def __init__(self, enum: type[IntEnum | IntFlag], codes: int = 256) -> None:
        self.names = {int(member): name.lower() for name, member in enum.__members__.items()}
        self.of_code = [self.names.get(code, str(code)) for code in range(codes)]
        self.codes = {word: code for code, word in enumerate(self.of_code)}


KINDS, TYPES, TIFS, SIDES, FLAGS = Words(CommandKind), Words(OrderType), Words(TimeInForce), Words(Side), Words(Flag)
EVENTS, ROLES, CHANNELS, REASONS = Words(EventKind), Words(Role), Words(Channel), Words(Reason, 2**16)


class CommandLine(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """A command as it stands in a line."""

    type: str
    number: int = 0
    order: int = 0
    target: int = 0
    price: int = NONE
    stop: int = NONE
    qty: int = NONE
    min_qty: int = NONE
    display: int = NONE
    expiry_ns: int = NONE
    instrument: int = 0
    account: int = 0
    session: int = 0
    order_type: str = TYPES.of_code[0]
    tif: str = TIFS.of_code[0]
    side: str = SIDES.of_code[Side.NONE]
    flags: str = FLAGS.of_code[0]


class EventLine(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """An event as it stands in a line."""

    type: str
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
    instrument: int = 0
    account: int = 0
    session: int = 0
    reason: str = REASONS.of_code[0]
    side: str = SIDES.of_code[Side.NONE]
    role: str = ROLES.of_code[0]
    channel: str = CHANNELS.of_code[0]


class Init(msgspec.Struct, tag="init", frozen=True, forbid_unknown_fields=True):
    """To the engine, first of all: what it will trade, and by which conventions, if it can be asked for some."""

    version: int
    instruments: tuple[Instrument, ...]
    conventions: Conventions | None = None


class InitOk(msgspec.Struct, tag="init_ok", frozen=True, forbid_unknown_fields=True):
    """The engine's answer: what it offers."""

    version: int
    name: str
    capabilities: Capabilities
    conventions: Conventions = Conventions()
    engine_version: str = ""


class Error(msgspec.Struct, tag="error", frozen=True, forbid_unknown_fields=True):
    """From the engine, in place of any answer: it cannot go on."""

    text: str


class Reset(msgspec.Struct, tag="reset", frozen=True, forbid_unknown_fields=True):
    """To the engine: be empty, as after init."""


class ResetOk(msgspec.Struct, tag="reset_ok", frozen=True, forbid_unknown_fields=True):
    """The engine's answer."""


class AskBook(msgspec.Struct, tag="snapshot", frozen=True, forbid_unknown_fields=True):
    """To the engine: tell the book."""


class Book(msgspec.Struct, tag="snapshot_ok", frozen=True, forbid_unknown_fields=True):
    """The engine's answer."""

    engine_seq: int
    rows: tuple[tuple[int, int, int, int, int, int], ...]
    """Instrument, side, price, place in the queue, order, what remains."""


ToEngine = Init | Reset | AskBook
FromEngine = InitOk | Error | ResetOk | Book
Message = ToEngine | FromEngine
