"""Orders, cancels and replaces: our commands <-> messages of FIX 4.4.

Ids are not translated here: a command has none until whoever keeps the ClOrdIDs gives it some. What our commands cannot say is read as a reason;
what FIX cannot say of a command is not made.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from harness.base.capabilities import Instrument
from harness.base.reasons import Reason
from harness.base.records import NONE, Command, CommandKind, Flag, OrderType, Side, TimeInForce
from harness.wire.fix import Fields, Message
from harness.wire.fix_codes import (
    ALL_ORDERS,
    AUTOMATED,
    ONE_SYMBOL,
    POST_ONLY,
    SIDE_OF,
    SIDES,
    TIF_OF,
    TIFS,
    TYPE_OF,
    TYPES,
)
from harness.wire.fix_numbers import count_of, text_of
from harness.wire.fix_tags import Kind, Tag

NOTHING = Command(0, 0, 0, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, 0, 0, 0, 0, 0, 0, Side.NONE, 0)
HANDL_INST = 21
KINDS = {
    Kind.NEW_ORDER_SINGLE: CommandKind.NEW,
    Kind.ORDER_CANCEL_REQUEST: CommandKind.CANCEL,
    Kind.ORDER_CANCEL_REPLACE_REQUEST: CommandKind.REPLACE,
    Kind.ORDER_MASS_CANCEL_REQUEST: CommandKind.MASS_CANCEL,
}
"""What becomes of a request."""
REQUESTS = {command: request for request, command in KINDS.items()}


class Listing:
    """Instruments by their symbols and by their ids."""

    def __init__(self, instruments: Iterable[Instrument]) -> None:
        self.by_id = {one.id: one for one in instruments}
        self.by_symbol = {one.symbol: one for one in self.by_id.values()}


class Read(NamedTuple):
    """What a request is in our words."""

    command: Command
    """Without ids, account and session; of instrument 0 where its symbol is not known."""
    reason: int
    """Why no command can say it; 0: it can."""


class Named(NamedTuple):
    """The ids of a command as FIX has them, and what a request must repeat of the order that it names."""

    own: str
    target: str
    side: int
    type: int
    qty: int
    """Of a cancel: what was asked for last."""


def read_request(message: Message, listing: Listing) -> Read:
    """A request whose fields are all there and of the right form."""
    kind = KINDS[Kind(message.kind)]
    instrument = listing.by_symbol.get(message.get(Tag.SYMBOL) or "")
    command = NOTHING._replace(kind=kind, instrument=instrument.id if instrument else 0)
    if kind == CommandKind.MASS_CANCEL:
        return _read_mass_cancel(message, command)
    side = SIDE_OF.get(message.get(Tag.SIDE) or "")
    if side is None:
        return Read(command, Reason.UNSUPPORTED)
    if instrument is None:
        return Read(command, Reason.UNKNOWN_INSTRUMENT)
    if kind == CommandKind.CANCEL:
        return Read(command, 0)
    return _read_terms(message, command._replace(side=side), instrument)


def _read_mass_cancel(message: Message, command: Command) -> Read:
    scope, side = message.get(Tag.MASS_CANCEL_REQUEST_TYPE), message.get(Tag.SIDE)
    if scope not in (ONE_SYMBOL, ALL_ORDERS) or (side is not None and side not in SIDE_OF):
        return Read(command, Reason.UNSUPPORTED)
    if scope == ONE_SYMBOL and not command.instrument:
        return Read(command, Reason.UNKNOWN_INSTRUMENT)
    of = command.instrument if scope == ONE_SYMBOL else 0
    return Read(command._replace(instrument=of, side=SIDE_OF[side] if side else Side.NONE), 0)


def _read_terms(message: Message, command: Command, instrument: Instrument) -> Read:
    kind, tif = TYPE_OF.get(message.get(Tag.ORD_TYPE) or ""), TIF_OF.get(message.get(Tag.TIME_IN_FORCE) or TIFS[TimeInForce.DAY])  # fmt: skip
    exec_inst = message.get(Tag.EXEC_INST)
    strange = message.get(Tag.ORDER_QTY) is None or message.get(Tag.MAX_FLOOR) or exec_inst not in (None, POST_ONLY)
    if kind is None or tif is None or strange:
        return Read(command, Reason.UNSUPPORTED)
    is_priced = kind in (OrderType.LIMIT, OrderType.STOP_LIMIT)
    counts = {
        "price": _count(message, Tag.PRICE, instrument.tick_1e9) if is_priced else NONE,
        "stop": _count(message, Tag.STOP_PX, instrument.tick_1e9),
        "qty": _count(message, Tag.ORDER_QTY, instrument.lot_1e9),
        "min_qty": _count(message, Tag.MIN_QTY, instrument.lot_1e9),
    }
    for name, count in counts.items():
        if count is None:
            return Read(command, Reason.INVALID_PRICE if name in ("price", "stop") else Reason.INVALID_QUANTITY)
    said = {name: count for name, count in counts.items() if count is not None}
    if command.kind == CommandKind.REPLACE:
        return Read(command._replace(price=said["price"], qty=said["qty"], side=Side.NONE), 0)
    flags = Flag.POST_ONLY if exec_inst == POST_ONLY else Flag.NONE
    return Read(command._replace(type=kind, tif=tif, flags=flags, **said), 0)


def _count(message: Message, tag: Tag, unit_1e9: int) -> int | None:
    """What a field counts: NONE where it is not there, None where that is no whole number."""
    text = message.get(tag)
    return NONE if text is None else count_of(text, unit_1e9)


def to_request(command: Command, named: Named, listing: Listing, at: str) -> tuple[Kind, Fields] | None:
    """The message for a command; None: FIX cannot say it, or nothing that is known says what it names."""
    instrument = listing.by_id.get(command.instrument)
    if command.kind not in REQUESTS or not named.own:
        return None
    kind = REQUESTS[CommandKind(command.kind)]
    if command.kind == CommandKind.MASS_CANCEL:
        body = _mass_cancel(command, instrument)
    elif instrument is None:
        body = None
    elif command.kind == CommandKind.NEW:
        body = _new(command, instrument)
    else:
        body = _change(command, named, instrument)
    if body is None:
        return None
    return kind, ((Tag.CL_ORD_ID, named.own), *body, (Tag.TRANSACT_TIME, at))


def _mass_cancel(command: Command, instrument: Instrument | None) -> Fields | None:
    if (command.instrument and instrument is None) or command.side not in (*SIDES, Side.NONE):
        return None
    side = () if command.side == Side.NONE else ((Tag.SIDE, SIDES[Side(command.side)]),)
    if instrument is None:
        return ((Tag.MASS_CANCEL_REQUEST_TYPE, ALL_ORDERS), *side)
    return ((Tag.MASS_CANCEL_REQUEST_TYPE, ONE_SYMBOL), (Tag.SYMBOL, instrument.symbol), *side)


def _new(command: Command, instrument: Instrument) -> Fields | None:
    sayable = (
        command.side in SIDES and command.type in TYPES and command.tif in TIFS and command.qty != NONE
        and command.display == NONE and command.expiry_ns == NONE and command.flags in (Flag.NONE, Flag.POST_ONLY)
    )  # fmt: skip
    if not sayable:
        return None
    post_only = ((Tag.EXEC_INST, POST_ONLY),) if command.flags == Flag.POST_ONLY else ()
    return (
        (HANDL_INST, AUTOMATED), (Tag.SYMBOL, instrument.symbol), (Tag.SIDE, SIDES[Side(command.side)]),
        (Tag.ORDER_QTY, text_of(command.qty, instrument.lot_1e9)), (Tag.ORD_TYPE, TYPES[OrderType(command.type)]),
        *_amount(Tag.PRICE, command.price, instrument.tick_1e9), *_amount(Tag.STOP_PX, command.stop, instrument.tick_1e9),
        (Tag.TIME_IN_FORCE, TIFS[TimeInForce(command.tif)]), *post_only, *_amount(Tag.MIN_QTY, command.min_qty, instrument.lot_1e9),
    )  # fmt: skip


def _change(command: Command, named: Named, instrument: Instrument) -> Fields | None:
    if not named.target or named.side not in SIDES or named.type not in TYPES:
        return None
    of = ((Tag.ORIG_CL_ORD_ID, named.target), (Tag.SYMBOL, instrument.symbol), (Tag.SIDE, SIDES[Side(named.side)]))
    if command.kind == CommandKind.CANCEL:
        # A cancel names the quantity that was asked for, but takes all there is: one of a part cannot be said.
        return None if command.qty != NONE else (*of, *_amount(Tag.ORDER_QTY, named.qty, instrument.lot_1e9))
    if command.qty == NONE:
        return None
    terms = ((Tag.ORDER_QTY, text_of(command.qty, instrument.lot_1e9)), (Tag.ORD_TYPE, TYPES[OrderType(named.type)]))
    return (*of, *terms, *_amount(Tag.PRICE, command.price, instrument.tick_1e9))


def _amount(tag: Tag, count: int, unit_1e9: int) -> Fields:
    return () if count == NONE else ((tag, text_of(count, unit_1e9)),)
