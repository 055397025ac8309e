"""Replies as events: each kind, what the wire does not carry left absent, and what our events do not tell."""

import pytest

from harness.base.reasons import Reason
from harness.base.records import Event, EventKind, Role, Side, event_rows
from harness.wire.ouch_terms import Untold
from tests.fakes.ouch_rows import heard

COMMON = {"instrument": 7, "account": 3, "engine_ns": 123}
PRICED = {"timestamp": 123, "price": 1_891_200, "quantity": 500, "side": "B", "order_state": "L"}


def events(kind, **fields):
    given, sources, untold = heard(kind, **({"timestamp": 123} | fields))
    assert untold == Untold.NONE
    assert set(sources) == {0}
    return event_rows(given)


def test_accepted():
    wanted = Event(kind=EventKind.ACCEPTED, command=5, order=40, price=18_912, qty=500, side=Side.BUY, **COMMON)
    assert events("A", **PRICED) == [wanted]
    assert events("A", **(PRICED | {"side": "T"})) == [wanted._replace(side=Side.SELL)]


def test_a_tick_may_be_the_last_decimal():
    (accepted,) = events("A", **(PRICED | {"price": 123, "instrument": 9}))
    assert (accepted.price, accepted.instrument) == (123, 9)


def test_an_order_that_died_at_once_is_canceled_whole():
    accepted, canceled = events("A", **(PRICED | {"order_state": "D"}))
    assert accepted.kind == EventKind.ACCEPTED
    assert canceled == Event(
        kind=EventKind.CANCELED, command=5, order=40, price=18_912, qty=500, remaining=0, side=Side.BUY, reason=Reason.OTHER, **COMMON
    )  # fmt: skip


def test_replaced_and_what_died_of_it():
    replaced = Event(
        kind=EventKind.REPLACED, command=5, order=39, new_order=40, price=18_912, qty=500, remaining=500, side=Side.BUY, **COMMON
    )  # fmt: skip
    assert events("U", target=39, **PRICED) == [replaced]
    first, canceled = events("U", target=39, **(PRICED | {"order_state": "D"}))
    assert (first, canceled.kind, canceled.order) == (replaced, EventKind.CANCELED, 40)


@pytest.mark.parametrize(("code", "reason"), [("U", Reason.USER), ("I", Reason.IOC_REMAINDER), ("e", Reason.RISK_ORDER_QUANTITY), ("?", Reason.OTHER)])  # fmt: skip
def test_canceled_says_what_went(code, reason):
    assert events("C", quantity=400, reason=code) == [Event(kind=EventKind.CANCELED, order=40, qty=400, reason=reason, **COMMON)]  # fmt: skip


def test_an_order_whose_time_was_up_has_expired():
    assert events("C", quantity=400, reason="T") == [Event(kind=EventKind.EXPIRED, order=40, qty=400, **COMMON)]


def test_what_self_match_prevention_took_is_canceled():
    wanted = Event(kind=EventKind.CANCELED, order=40, qty=30, reason=Reason.SELF_TRADE, **COMMON)
    assert events("D", decrement_shares=30, reason="Q", execution_price=5, liquidity_flag="A") == [wanted]


def test_a_trade_is_one_side():
    trade = {"quantity": 100, "price": 1_891_200, "match_number": 9001}
    common = {"kind": EventKind.TRADE, "qty": 100, "price": 18_912, "match": 9001}
    assert events("E", liquidity_flag="R", **trade) == [Event(order=40, role=Role.TAKER, **common, **COMMON)]
    assert events("E", liquidity_flag="O", **trade) == [Event(order=40, role=Role.NONE, **common, **COMMON)]
    assert events("E", liquidity_flag="A", **trade) == [Event(maker=40, role=Role.MAKER, **common, **(COMMON | {"account": 0}))]  # fmt: skip


def test_rejected_is_of_a_new_order_or_of_a_replace():
    common = {"command": 5, "reason": Reason.INVALID_PRICE} | COMMON
    assert events("J", reject_reason=0x1D) == [Event(kind=EventKind.REJECTED, order=40, **common)]
    replace = Event(kind=EventKind.REPLACE_REJECTED, order=39, new_order=40, **common)
    assert events("J", reject_reason=0x1D, target=39) == [replace]
    assert events("J", reject_reason=0xFFFF)[0].reason == Reason.OTHER


def test_further_replies():
    assert events("I") == [Event(kind=EventKind.CANCEL_REJECTED, order=40, reason=Reason.OTHER, **COMMON)]
    assert events("B", match_number=9, reason="E") == [Event(kind=EventKind.TRADE_BUSTED, order=40, match=9, **COMMON)]
    assert events("T", price=200, display="Y") == [Event(kind=EventKind.RESTATED, order=40, price=2, **COMMON)]
    assert events("R", reason="R") == [Event(kind=EventKind.RESTATED, order=40, **COMMON)]
    assert events("X") == [Event(kind=EventKind.DONE, command=5, **(COMMON | {"instrument": 0}))]


@pytest.mark.parametrize("kind", "SPMGKQ")
def test_what_our_events_do_not_tell_gives_none(kind):
    given, _, untold = heard(kind)
    assert (len(given), untold) == (0, Untold.KIND)


@pytest.mark.parametrize("kind", "AUCDEBJITRX")
def test_a_reply_to_nothing_that_was_sent_gives_none(kind):
    given, _, untold = heard(kind, row=-1)
    assert (len(given), untold) == (0, Untold.ORDER)


@pytest.mark.parametrize("kind", "AUET")
@pytest.mark.parametrize(("price", "instrument"), [(1_891_201, 7), (2**62, 7), (2**64 - 1, 7), (100, 8)])
def test_a_price_that_is_none_gives_no_event(kind, price, instrument):
    given, _, untold = heard(kind, price=price, instrument=instrument)
    assert (len(given), untold) == (0, Untold.PRICE)
