"""What a venue says of orders, there and back."""

import pytest

from harness.base.capabilities import Instrument
from harness.base.reasons import Reason
from harness.base.records import NONE, Event, EventKind, Role, Side
from harness.wire.fix import Message
from harness.wire.fix_codes import NO_ORDER, ExecType, Status
from harness.wire.fix_dictionary import refusal_of
from harness.wire.fix_reports import (
    Report,
    Standing,
    cancel_reject,
    execution_report,
    mass_cancel_report,
    read_report,
)
from harness.wire.fix_requests import Listing
from harness.wire.fix_tags import Kind, Tag
from tests.fakes.fix_talk import NOON_NS, header

ONE = Instrument(id=4, symbol="ONE", tick_1e9=10_000_000, lot_1e9=10**10)
LISTING = Listing([ONE])
STANDING = Standing("12", "own", ONE, "ONE", "1", "2", qty=9, price=150, leaves=4, cum=5, value=5 * 149)


def report(exec_type, *more, **standing):
    body = execution_report(STANDING._replace(**standing), Report(exec_type, "77", NOON_NS, more))
    message = Message("8", (*header(1), *body))
    assert refusal_of(message) is None
    return message


def test_a_report_says_where_the_order_stands():
    message = report(ExecType.TRADE)
    said = [
        message.get(tag)
        for tag in (Tag.ORDER_QTY, Tag.PRICE, Tag.LEAVES_QTY, Tag.CUM_QTY, Tag.AVG_PX, Tag.TRANSACT_TIME)
    ]
    assert said == ["90", "1.5", "40", "50", "1.49", "20260105-12:00:00.000"]


@pytest.mark.parametrize(
    ("message", "event"),
    [
        (report(ExecType.NEW), Event(kind=EventKind.ACCEPTED, price=150, qty=4, remaining=4)),
        (report(ExecType.REPLACED, (Tag.ORIG_CL_ORD_ID, "before")), Event(kind=EventKind.REPLACED, price=150, qty=4, remaining=4)),
        (report(ExecType.REJECTED, (Tag.ORD_REJ_REASON, "13")), Event(kind=EventKind.REJECTED, reason=Reason.INVALID_QUANTITY)),
        (
            report(ExecType.TRADE, (Tag.LAST_PX, "1.49"), (Tag.LAST_QTY, "20"), (Tag.SECONDARY_EXEC_ID, "3"), (Tag.LAST_LIQUIDITY_IND, "1")),
            Event(kind=EventKind.TRADE, price=149, qty=2, remaining=4, match=3, role=Role.MAKER),
        ),
        (report(ExecType.CANCELED, leaves=0), Event(kind=EventKind.CANCELED, qty=4, remaining=0, reason=Reason.OTHER)),
        (report(ExecType.CANCELED, (Tag.ORIG_CL_ORD_ID, "before"), leaves=0), Event(kind=EventKind.CANCELED, qty=4, remaining=0, reason=Reason.USER)),
        (report(ExecType.EXPIRED, leaves=0), Event(kind=EventKind.EXPIRED, qty=4, remaining=0)),
    ],
)  # fmt: skip
def test_a_report_is_an_event(message, event):
    heard = read_report(message, LISTING)
    assert heard.event == event._replace(instrument=4, side=Side.BUY)
    assert (heard.own, heard.target) == ("own", message.get(Tag.ORIG_CL_ORD_ID) or "")


def test_what_we_have_no_word_for_is_no_event():
    assert read_report(report(ExecType.ORDER_STATUS), LISTING) is None
    pending = Message(
        "8", tuple((tag, "A" if tag == Tag.EXEC_TYPE else value) for tag, value in report(ExecType.NEW).fields)
    )
    assert read_report(pending, LISTING) is None
    assert read_report(Message("j", ()), LISTING) is None


@pytest.mark.parametrize(("kind", "event_kind"), [("F", EventKind.CANCEL_REJECTED), ("G", EventKind.REPLACE_REJECTED)])
def test_a_refused_change(kind, event_kind):
    request = Message(kind, ((Tag.CL_ORD_ID, "own"), (Tag.ORIG_CL_ORD_ID, "before")))
    for standing, order, status in ((STANDING, "12", Status.NEW), (None, NO_ORDER, Status.REJECTED)):
        message = Message("9", (*header(1), *cancel_reject(request, standing, "1", Reason.UNKNOWN_ORDER, NO_ORDER)))
        assert refusal_of(message) is None
        assert (message.get(Tag.ORDER_ID), message.get(Tag.ORD_STATUS)) == (order, status)
        assert read_report(message, LISTING) == (Event(kind=event_kind, reason=Reason.UNKNOWN_ORDER), "own", "before")


def test_a_mass_cancel_that_is_done_and_one_that_is_refused():
    request = Message(
        Kind.ORDER_MASS_CANCEL_REQUEST,
        ((Tag.CL_ORD_ID, "own"), (Tag.MASS_CANCEL_REQUEST_TYPE, "1"), (Tag.SYMBOL, "ONE")),
    )
    done, refused = (
        Message("r", (*header(1), *mass_cancel_report(request, "12", *why)))
        for why in ((3,), (0, "1", Reason.UNKNOWN_INSTRUMENT))
    )
    assert refusal_of(done) is refusal_of(refused) is None
    assert read_report(done, LISTING) == (Event(kind=EventKind.DONE, qty=3), "own", "")
    assert (done.get(Tag.MASS_CANCEL_RESPONSE), refused.get(Tag.MASS_CANCEL_RESPONSE)) == ("1", "0")
    assert read_report(refused, LISTING).event.kind == EventKind.REJECTED


def test_quantities_of_an_unknown_instrument_are_not_guessed():
    message = report(ExecType.TRADE)
    assert read_report(message, Listing([])).event.price == NONE
