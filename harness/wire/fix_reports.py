"""What a venue says of orders: ExecutionReport, OrderCancelReject and OrderMassCancelReport <-> our events.

Who writes hands over where the order stands; who reads gets an event with the ClOrdIDs beside it, since ids are translated elsewhere.
"""

from __future__ import annotations

from typing import NamedTuple

from harness.base.capabilities import Instrument
from harness.base.reasons import Reason, reason_name
from harness.base.records import NONE, Event, EventKind, Role, Side
from harness.wire.fix import Fields, Message
from harness.wire.fix_codes import (
    ADDED,
    REFUSED,
    REMOVED,
    SIDE_OF,
    TO_CANCEL,
    TO_REPLACE,
    ExecType,
    Status,
    cancel_reason,
    order_reason,
)
from harness.wire.fix_numbers import average, count_of, text_of
from harness.wire.fix_requests import Listing
from harness.wire.fix_tags import Kind, Tag
from harness.wire.fix_times import timestamp

OF_EXEC_TYPE = {
    ExecType.NEW: EventKind.ACCEPTED, ExecType.REJECTED: EventKind.REJECTED, ExecType.TRADE: EventKind.TRADE,
    ExecType.CANCELED: EventKind.CANCELED, ExecType.REPLACED: EventKind.REPLACED, ExecType.EXPIRED: EventKind.EXPIRED,
}  # fmt: skip
ROLE_OF = {ADDED: Role.MAKER, REMOVED: Role.TAKER}


class Standing(NamedTuple):
    """Where an order stands."""

    order_id: str
    cl_ord_id: str
    instrument: Instrument | None
    """None: nobody knows it."""
    symbol: str
    side: str
    type: str
    qty: int = NONE
    """What was asked for in all, in lots; NONE: no whole number of them."""
    price: int = NONE
    leaves: int = 0
    cum: int = 0
    value: int = 0
    """Of what traded: ticks times lots."""
    status: Status = Status.NEW


class Report(NamedTuple):
    """What a report says beside where the order stands."""

    type: ExecType
    exec_id: str
    at_ns: int
    more: Fields = ()


def execution_report(standing: Standing, report: Report) -> Fields:
    """The body of an ExecutionReport."""
    tick, lot = (standing.instrument.tick_1e9, standing.instrument.lot_1e9) if standing.instrument else (1, 1)
    qty = () if standing.qty == NONE else ((Tag.ORDER_QTY, text_of(standing.qty, lot)),)
    price = () if standing.price == NONE else ((Tag.PRICE, text_of(standing.price, tick)),)
    return (
        (Tag.ORDER_ID, standing.order_id), (Tag.CL_ORD_ID, standing.cl_ord_id), (Tag.EXEC_ID, report.exec_id),
        (Tag.EXEC_TYPE, report.type), (Tag.ORD_STATUS, standing.status), (Tag.SYMBOL, standing.symbol), (Tag.SIDE, standing.side),
        *qty, (Tag.ORD_TYPE, standing.type), *price, (Tag.LEAVES_QTY, text_of(standing.leaves, lot)),
        (Tag.CUM_QTY, text_of(standing.cum, lot)), (Tag.AVG_PX, average(standing.value, standing.cum, tick)),
        (Tag.TRANSACT_TIME, timestamp(report.at_ns)), *report.more,
    )  # fmt: skip


def cancel_reject(request: Message, standing: Standing | None, code: str, reason: int, no_order: str) -> Fields:
    """The body of an OrderCancelReject."""
    return (
        (Tag.ORDER_ID, standing.order_id if standing else no_order), (Tag.CL_ORD_ID, request.get(Tag.CL_ORD_ID) or ""),
        (Tag.ORIG_CL_ORD_ID, request.get(Tag.ORIG_CL_ORD_ID) or ""), (Tag.ORD_STATUS, standing.status if standing else Status.REJECTED),
        (Tag.CXL_REJ_RESPONSE_TO, TO_CANCEL if request.kind == Kind.ORDER_CANCEL_REQUEST else TO_REPLACE), (Tag.CXL_REJ_REASON, code),
        (Tag.TEXT, reason_name(reason)),
    )  # fmt: skip


def mass_cancel_report(request: Message, order_id: str, canceled: int, refused: str = "", reason: int = 0) -> Fields:
    """The body of an OrderMassCancelReport; `refused` is its MassCancelRejectReason."""
    scope = request.get(Tag.MASS_CANCEL_REQUEST_TYPE) or ""
    of = ((Tag.SYMBOL, request.get(Tag.SYMBOL) or ""), (Tag.SIDE, request.get(Tag.SIDE) or ""))
    why = ((Tag.MASS_CANCEL_REJECT_REASON, refused), (Tag.TEXT, reason_name(reason))) if refused else ()
    return (
        (Tag.CL_ORD_ID, request.get(Tag.CL_ORD_ID) or ""), (Tag.ORDER_ID, order_id), (Tag.MASS_CANCEL_REQUEST_TYPE, scope),
        (Tag.MASS_CANCEL_RESPONSE, REFUSED if refused else scope), (Tag.TOTAL_AFFECTED_ORDERS, str(canceled)),
        *((tag, value) for tag, value in of if value), *why,
    )  # fmt: skip


class Heard(NamedTuple):
    """What a message of a venue is in our words."""

    event: Event
    """Without ids and accounts."""
    own: str
    """ClOrdID."""
    target: str
    """OrigClOrdID; empty: none."""


def read_report(message: Message, listing: Listing) -> Heard | None:
    """An event; None: it tells of nothing that we have a word for, such as that an order waits to be canceled."""
    own, target = message.get(Tag.CL_ORD_ID) or "", message.get(Tag.ORIG_CL_ORD_ID) or ""
    match message.kind:
        case Kind.EXECUTION_REPORT:
            event = _read_execution(message, listing, is_asked=bool(target))
            return None if event is None else Heard(event, own, target)
        case Kind.ORDER_CANCEL_REJECT:
            kind = EventKind.CANCEL_REJECTED if message.get(Tag.CXL_REJ_RESPONSE_TO) == TO_CANCEL else EventKind.REPLACE_REJECTED  # fmt: skip
            return Heard(Event(kind=kind, reason=cancel_reason(message.get(Tag.CXL_REJ_REASON))), own, target)
        case Kind.ORDER_MASS_CANCEL_REPORT:
            if message.get(Tag.MASS_CANCEL_RESPONSE) == REFUSED:
                return Heard(Event(kind=EventKind.REJECTED, reason=Reason.OTHER), own, "")
            count = message.number(Tag.TOTAL_AFFECTED_ORDERS)
            return Heard(Event(kind=EventKind.DONE, qty=NONE if count is None else count), own, "")
    return None


def _read_execution(message: Message, listing: Listing, *, is_asked: bool) -> Event | None:
    said = message.get(Tag.EXEC_TYPE) or ""
    kind = OF_EXEC_TYPE.get(ExecType(said)) if said in set(ExecType) else None
    instrument = listing.by_symbol.get(message.get(Tag.SYMBOL) or "")
    if kind is None:
        return None
    tick, lot = (instrument.tick_1e9, instrument.lot_1e9) if instrument else (1, 1)
    side = SIDE_OF.get(message.get(Tag.SIDE) or "", Side.NONE)
    leaves, cum = _count(message, Tag.LEAVES_QTY, lot), _count(message, Tag.CUM_QTY, lot)
    told = Event(kind=kind, instrument=instrument.id if instrument else 0, side=side)
    match kind:
        case EventKind.REJECTED:
            return told._replace(reason=order_reason(message.get(Tag.ORD_REJ_REASON)))
        case EventKind.TRADE:
            match_id = message.get(Tag.SECONDARY_EXEC_ID) or ""
            return told._replace(
                price=_count(message, Tag.LAST_PX, tick), qty=_count(message, Tag.LAST_QTY, lot), remaining=leaves,
                match=int(match_id) if match_id.isascii() and match_id.isdigit() else 0,
                role=ROLE_OF.get(message.get(Tag.LAST_LIQUIDITY_IND) or "", Role.NONE),
            )  # fmt: skip
        case EventKind.CANCELED | EventKind.EXPIRED:
            # What went is what was asked for and did not trade; nothing is left behind it.
            asked = _count(message, Tag.ORDER_QTY, lot)
            qty = NONE if NONE in (asked, cum) else asked - cum
            reason = Reason.USER if is_asked else Reason.OTHER
            return told._replace(
                qty=qty, remaining=leaves, reason=reason if kind == EventKind.CANCELED else Reason.NONE
            )
    return told._replace(price=_count(message, Tag.PRICE, tick), qty=leaves, remaining=leaves)


def _count(message: Message, tag: Tag, unit_1e9: int) -> int:
    count = count_of(message.get(tag) or "", unit_1e9)
    return NONE if count is None else count
