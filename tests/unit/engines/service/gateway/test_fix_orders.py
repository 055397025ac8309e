"""What a FIX port's client is told of events that a session alone does not easily bring about; the common ones are tested over sockets."""

import numpy as np
import pytest

from engines.service.gateway.fix_orders import FixOrders
from engines.service.gateway.ids import parties_of
from harness.base.capabilities import Instrument
from harness.base.reasons import Reason
from harness.base.records import EVENT, Event, EventKind, Side, events_of
from harness.wire.fix import Message
from harness.wire.fix_requests import Listing
from harness.wire.fix_tags import Tag
from tests.fakes.fix_client import change, new
from tests.fakes.fix_talk import told

PORT, OTHER = 6, 7
STATE = (Tag.EXEC_TYPE, Tag.ORD_STATUS, Tag.ORDER_QTY, Tag.CUM_QTY, Tag.LEAVES_QTY)
LISTING = Listing([Instrument(id=4, symbol="ONE", tick_1e9=10_000_000)])


def order(number, port=PORT):
    return port << 32 | number


ACCEPTED = Event(kind=EventKind.ACCEPTED, order=order(1), price=100, qty=5, remaining=5, instrument=4, session=PORT, side=Side.BUY, engine_seq=1, engine_ns=0)  # fmt: skip


class Desk:
    """Events one by one, and what is told of them."""

    def __init__(self, *requests):
        self.orders = FixOrders(PORT, LISTING, [Message(kind, body) for kind, body in requests])

    def tell(self, *events):
        batch = events_of(list(events)).astype(EVENT)
        return [Message(kind, body) for kind, body in self.orders.tell(batch, parties_of(batch))]


@pytest.fixture
def desk():
    made = Desk(("D", new("a")), ("F", change("c", "a")))
    made.tell(ACCEPTED)
    return made


def test_self_trade_prevention_that_takes_a_part_restates_the_order(desk):
    part = ACCEPTED._replace(kind=EventKind.CANCELED, qty=2, remaining=3, reason=Reason.SELF_TRADE, session=OTHER)
    assert told(desk.tell(part), *STATE, Tag.EXEC_RESTATEMENT_REASON) == [("8", "D", "0", "3", "0", "3", "99")]
    assert told(desk.tell(part._replace(qty=3, remaining=0)), *STATE, Tag.TEXT) == [
        ("8", "4", "4", "3", "0", "0", "self trade")
    ]


@pytest.mark.parametrize("reason", [Reason.KILLED, Reason.USER])
def test_an_order_that_somebody_else_cancels_goes_without_being_asked_for(desk, reason):
    killed = ACCEPTED._replace(kind=EventKind.CANCELED, qty=5, remaining=0, reason=reason, session=0)
    assert told(desk.tell(killed), *STATE, Tag.ORIG_CL_ORD_ID) == [("8", "4", "4", "5", "0", "0", None)]
    assert desk.orders.answered == 1


def test_an_order_that_expires(desk):
    assert told(desk.tell(ACCEPTED._replace(kind=EventKind.EXPIRED, qty=5, remaining=0)), *STATE) == [
        ("8", "C", "C", "5", "0", "0")
    ]


def test_a_trade_with_oneself_is_told_twice_under_two_ids(desk):
    trade = ACCEPTED._replace(kind=EventKind.TRADE, maker=order(1), order=order(9), qty=2, match=1, engine_seq=8)
    assert told(desk.tell(trade), Tag.EXEC_ID, Tag.CUM_QTY) == [("8", "8M", "2")]


def test_a_cancel_is_answered_under_its_own_name_whoever_else_acts_meanwhile(desk):
    elsewhere = ACCEPTED._replace(kind=EventKind.CANCELED, order=order(1, OTHER), reason=Reason.USER, session=OTHER)
    late = ACCEPTED._replace(kind=EventKind.CANCEL_REJECTED, reason=Reason.UNKNOWN_ORDER)
    assert told(desk.tell(elsewhere, late), Tag.CL_ORD_ID, Tag.ORIG_CL_ORD_ID, Tag.ORD_STATUS) == [("9", "c", "a", "0")]
    assert desk.orders.answered == 2


def test_whose_request_is_lost_hears_nothing_and_the_others_do():
    desk = Desk()
    assert desk.tell(ACCEPTED, ACCEPTED._replace(kind=EventKind.TRADE, maker=order(3, OTHER), qty=1, match=1)) == []
    assert desk.orders.answered == 1
    assert desk.tell(np.zeros(0, EVENT)[:0].tolist() or ACCEPTED._replace(kind=EventKind.RESTED)) == []
