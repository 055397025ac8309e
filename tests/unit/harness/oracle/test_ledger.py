"""The ledger: which reasons hold, by what the engine itself told."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from harness.base.capabilities import Conventions
from harness.base.reasons import Reason
from harness.base.records import NONE, Command, Event, EventKind, Side
from harness.oracle.ledger import Ledger, recomputable
from harness.oracle.model import Model
from tests.fakes.every_term import EVERY_CONVENTION, FREE, LIMITED, every_term
from tests.fakes.history import ALL, BUY, INSTRUMENTS, IOC, POST_ONLY, SELL, cancel, new, numbered, replace, stop

REFUSALS = (EventKind.REJECTED, EventKind.CANCEL_REJECTED, EventKind.REPLACE_REJECTED)
BEFORE = [
    new(1, SELL, 100, 5),
    new(2, SELL, 101, 5, account=2),
    new(3, BUY, 90, 5, flags=POST_ONLY),
    new(8, BUY, 100, 2, account=3),
]
"""Order 1 has traded 2 of its 5; order 3 is post-only."""

REASONS = {
    "nothing speaks against it": (new(9, BUY, 99, 5), set()),
    "all that hold": (
        new(0, Side.NONE, 9, 5, instrument=7),
        {Reason.INVALID_ORDER_ID, Reason.INVALID_SIDE, Reason.UNKNOWN_INSTRUMENT},
    ),
    "a live id and no quantity": (new(1, BUY, 99, 0), {Reason.DUPLICATE_ORDER_ID, Reason.INVALID_QUANTITY}),
    "post-only at the best offer": (new(9, BUY, 100, 5, flags=POST_ONLY), {Reason.POST_ONLY_WOULD_TRADE}),
    "post-only below it": (new(9, BUY, 99, 5, flags=POST_ONLY), set()),
    "post-only IOC that would trade": (
        new(9, BUY, 100, 5, IOC, flags=POST_ONLY), {Reason.INVALID_TERMS, Reason.POST_ONLY_WOULD_TRADE},
    ),
    "cancel of an order that is gone": (cancel(8, account=3), {Reason.UNKNOWN_ORDER}),
    "another's cancel of nothing": (cancel(2, 0), {Reason.NOT_OWNER, Reason.INVALID_QUANTITY}),
    "cancel on no instrument": (cancel(1, instrument=7), {Reason.UNKNOWN_ORDER, Reason.UNKNOWN_INSTRUMENT}),
    "replace by a live id": (replace(1, 2, 0, 5), {Reason.DUPLICATE_ORDER_ID, Reason.INVALID_PRICE}),
    "replace of a post-only order through the market": (replace(3, 3, 100, 5), {Reason.POST_ONLY_WOULD_TRADE}),
    "a total that has traded": (replace(1, 1, 100, 2), {Reason.INVALID_QUANTITY}),
    "a total above it": (replace(1, 1, 100, 3), set()),
}  # fmt: skip


def followed(commands: list[Command], conventions: Conventions) -> Ledger:
    """A ledger that followed what a right engine did with the commands."""
    ledger, model = Ledger(INSTRUMENTS, conventions, ALL), Model(INSTRUMENTS, conventions, ALL)
    for command in numbered(commands):
        follow(ledger, command, model.apply(command))
    return ledger


def follow(ledger: Ledger, command: Command, events: list[Event]) -> None:
    """Take in all events of one command."""
    for event in events:
        ledger.follow(command, event.kind, event.order, maker=event.maker, price=event.price, qty=event.qty)


@pytest.mark.parametrize(("command", "reasons"), REASONS.values(), ids=REASONS)
def test_reasons_that_hold(command, reasons):
    assert set(followed(BEFORE, Conventions(replace_quantity="total")).reasons(command)) == reasons


def test_it_believes_the_engine_and_not_the_rules():
    """An engine that wrongly canceled order 1 is right to refuse a cancel of it from then on."""
    ledger = followed(BEFORE, Conventions())
    command = cancel(2, account=2)
    ledger.follow(command, EventKind.CANCELED, 1, maker=0, price=NONE, qty=3)
    assert ledger.find(1) is None
    assert ledger.reasons(cancel(1)) == (Reason.UNKNOWN_ORDER,)
    assert ledger.best(1, SELL) == 101


def test_events_about_orders_that_do_not_live_change_nothing():
    ledger = followed(BEFORE, Conventions())
    for kind in (EventKind.TRADE, EventKind.CANCELED, EventKind.RESTED, EventKind.REPLACED, EventKind.TRIGGERED):
        ledger.follow(cancel(77), kind, 77, maker=78, price=50, qty=5)
    assert ledger.last_trade(1) == 100
    assert ledger.find(77) is None
    assert (ledger.best(1, BUY), ledger.best(1, SELL)) == (90, 100)


def test_a_live_id_taken_twice_leaves_one_order():
    ledger = followed(BEFORE, Conventions())
    ledger.follow(new(1, SELL, 120, 9), EventKind.ACCEPTED, 1, maker=0, price=120, qty=9)
    assert ledger.find(1).open == 9
    assert ledger.best(1, SELL) == 101


@pytest.mark.parametrize(
    ("reason", "known"),
    [(Reason.UNKNOWN_ORDER, True), (Reason.POST_ONLY_WOULD_TRADE, True), (Reason.UNKNOWN_INSTRUMENT, True),
     (Reason.NONE, True), (Reason.SESSION_RATE, False), (Reason.RISK_OTHER, False), (Reason.EXHAUSTED, False),
     (Reason.HALTED, False), (Reason.UNKNOWN_ACCOUNT, True), (Reason.RISK_PRICE_COLLAR, True)],
)  # fmt: skip
def test_which_reasons_it_can_work_out(reason, known):
    assert recomputable(reason) is known


def test_a_replace_that_keeps_its_place_still_makes_the_price():
    kept = [new(1, SELL, 100, 5), replace(1, 9, 100, 3)]
    ledger = followed(kept, Conventions())
    assert ledger.best(1, SELL) == 100
    assert ledger.reasons(new(7, BUY, 100, 1, flags=POST_ONLY)) == (Reason.POST_ONLY_WOULD_TRADE,)


@pytest.mark.parametrize(
    ("price", "qty", "keeps"),
    [(101, 3, "quantity_down"), (100, 5, "quantity_down"), (100, 6, "quantity_down"), (100, 3, "never")],
)
def test_a_replace_that_loses_its_place_makes_no_price_until_it_rests(price, qty, keeps):
    ledger = followed([new(1, SELL, 100, 5)], Conventions(replace_keeps_place=keeps))
    command = replace(1, 1, price, qty)
    ledger.follow(command, EventKind.REPLACED, 1, maker=0, price=price, qty=qty)
    assert ledger.best(1, SELL) is None
    ledger.follow(command, EventKind.RESTED, 1, maker=0, price=price, qty=NONE)
    assert ledger.best(1, SELL) == price


STOPPED = [stop(4, BUY, 105, 5), stop(5, SELL, 95, 5, 94)]


def test_a_waiting_stop_is_live_and_makes_no_price():
    ledger = followed(STOPPED, Conventions())
    assert (ledger.best(1, BUY), ledger.best(1, SELL)) == (None, None)
    assert ledger.reasons(replace(5, 5, 94, 1)) == (Reason.UNSUPPORTED,)
    assert ledger.reasons(cancel(5)) == ()
    assert ledger.reasons(new(4, BUY, 9, 1)) == (Reason.DUPLICATE_ORDER_ID,)


def test_a_stop_that_triggered_can_be_replaced_where_it_rests():
    ledger = followed(STOPPED, Conventions())
    cause = new(9, SELL, 95, 1)
    for kind in (EventKind.TRIGGERED, EventKind.RESTED):
        ledger.follow(cause, kind, 5, maker=0, price=95, qty=5)
    assert ledger.best(1, SELL) == 94
    assert ledger.reasons(replace(5, 5, 96, 1)) == ()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(EVERY_CONVENTION), st.sampled_from([FREE, LIMITED]))
def test_it_agrees_with_the_model_while_the_engine_is_right(seed, conventions, instruments):
    ledger, model = Ledger(instruments, conventions, ALL), Model(instruments, conventions, ALL)
    for command in every_term(200, seed):
        holding = ledger.reasons(command)
        events = model.apply(command)
        refused = events[0].kind in REFUSALS
        assert events[0].reason == holding[0] if refused else not holding
        follow(ledger, command, events)
        assert all(ledger.best(at, side) == model.best(at, side) for at in (1, 2) for side in (BUY, SELL))
