"""Refusals: all reasons that hold, in the order of the rules; and what there are no rules for."""

import pytest
from msgspec.structs import replace as replace_fields

from harness.base.capabilities import CONTROLS, Capabilities, Conventions, Instrument, RiskLimits
from harness.base.reasons import Reason
from harness.base.records import NONE
from harness.oracle.model import Model
from harness.oracle.refusals import Refusals, beyond, reaches
from tests.fakes.history import (
    ALL,
    BUY,
    INSTRUMENTS,
    IOC,
    POST_ONLY,
    SELL,
    cancel,
    market,
    new,
    numbered,
    replace,
    stop,
)


def reasons(*commands):
    """Every reason that holds against the last command, after the model has taken those before."""
    *before, last = numbered(list(commands))
    model = Model(INSTRUMENTS, Conventions())
    for command in before:
        model.apply(command)
    return list(Refusals(INSTRUMENTS, Conventions(), ALL).of(last, model))


def test_a_good_order_has_none():
    assert reasons(new(1, BUY, 100, 5)) == []


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        (new(0, BUY, 100, 5), [Reason.INVALID_ORDER_ID]),
        (new(1, 7, 100, 5), [Reason.INVALID_SIDE]),
        (new(1, BUY, 0, 0), [Reason.INVALID_QUANTITY, Reason.INVALID_PRICE]),
        (new(1, BUY, 100, 5, instrument=9), [Reason.UNKNOWN_INSTRUMENT]),
        (new(1, BUY, 100, 5, tif=IOC, flags=POST_ONLY), [Reason.INVALID_TERMS]),
        (new(1, BUY, 100, 0, min_qty=1, flags=POST_ONLY), [Reason.INVALID_QUANTITY, Reason.INVALID_TERMS]),
        (new(1, BUY, 100, 5, stop=9, min_qty=6), [Reason.UNSUPPORTED, Reason.INVALID_QUANTITY]),
        (stop(1, BUY, 0, 5, min_qty=2), [Reason.INVALID_PRICE, Reason.INVALID_TERMS]),
    ],
)
def test_all_that_hold_are_told_in_the_order_of_the_rules(command, wanted):
    assert reasons(command) == wanted


FEW = Capabilities(commands=("new",), types=("limit",), tifs=("day",))
NOT_OFFERED = {
    "a type": market(1, BUY, 5),
    "a time in force": new(1, BUY, 100, 5, IOC),
    "a flag": new(1, BUY, 100, 5, flags=POST_ONLY),
    "a minimum quantity": new(1, BUY, 100, 5, min_qty=1),
    "a display quantity": new(1, BUY, 100, 5, display=1),
    "a stop price": new(1, BUY, 100, 5, stop=90),
    "a kind": cancel(1),
}


@pytest.mark.parametrize("command", NOT_OFFERED.values(), ids=NOT_OFFERED)
def test_each_thing_that_is_not_offered_is_enough(command):
    model = Model(INSTRUMENTS, Conventions())
    assert next(Refusals(INSTRUMENTS, Conventions(), FEW).of(command, model)) == Reason.UNSUPPORTED
    assert list(Refusals(INSTRUMENTS, Conventions(), FEW).of(new(1, BUY, 100, 5), model)) == []


TARGETS = [new(1, SELL, 100, 5), new(8, BUY, 100, 2, account=2), stop(3, BUY, 120, 5)]
"""Order 1 has traded 2 of its 5, order 3 waits."""


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        (replace(1, 1, 100, 2), [Reason.INVALID_QUANTITY]),
        (replace(1, 1, 100, 3), []),
        (replace(1, 1, 100, 2_000), [Reason.INVALID_QUANTITY]),
        (replace(3, 3, 100, 2), [Reason.UNSUPPORTED]),
        (replace(3, 3, 100, 2, instrument=2), [Reason.UNKNOWN_ORDER]),
        (replace(1, 3, 100, 3, instrument=9), [Reason.UNKNOWN_ORDER, Reason.UNKNOWN_INSTRUMENT, Reason.DUPLICATE_ORDER_ID]),
        (cancel(1, account=2), [Reason.NOT_OWNER]),
    ],
)  # fmt: skip
def test_what_speaks_against_a_change_of_an_order(command, wanted):
    conventions = Conventions(replace_quantity="total")
    model = Model(INSTRUMENTS, conventions)
    for before in numbered(TARGETS):
        model.apply(before)
    assert list(Refusals(INSTRUMENTS, conventions, ALL).of(command, model)) == wanted


@pytest.mark.parametrize(("side", "price", "does"), [
    (BUY, 100, True), (BUY, 99, False), (SELL, 100, True), (SELL, 101, False), (BUY, NONE, True), (SELL, NONE, True),
])  # fmt: skip
def test_a_price_reaches_one_that_is_at_least_as_good(side, price, does):
    assert reaches(side, price, 100) is does


def test_a_live_id_is_taken():
    assert reasons(new(1, BUY, 100, 5), new(1, BUY, 90, 5)) == [Reason.DUPLICATE_ORDER_ID]


def test_what_there_are_no_rules_for_is_named():
    assert not beyond(ALL)
    assert beyond(Capabilities(types=("limit", "peg"), terms=("display",))) == ("peg", "display")


HELD = Instrument(
    id=1, symbol="HELD", price_max=200, price_step=5,
    risk=RiskLimits(order_qty_max=9, order_value_max=900, collar_ticks=10, reference_price=100, accounts=(1, 2)),
)  # fmt: skip
UNDER_LIMITS = {
    "within all": (new(1, BUY, 100, 9), []),
    "another account": (new(1, BUY, 100, 5, account=3), [Reason.UNKNOWN_ACCOUNT]),
    "account 0": (new(1, BUY, 100, 5, account=0), [Reason.UNKNOWN_ACCOUNT]),
    "between two steps": (new(1, BUY, 99, 5), [Reason.INVALID_PRICE]),
    "a stop price between two steps": (stop(1, BUY, 99, 5), []),
    "a stop limit's price between two steps": (stop(1, BUY, 100, 5, 99), [Reason.INVALID_PRICE]),
    "risk limits, in their order": (
        new(1, BUY, 115, 10), [Reason.RISK_ORDER_QUANTITY, Reason.RISK_ORDER_VALUE, Reason.RISK_PRICE_COLLAR],
    ),
    "risk before post-only": (
        new(1, BUY, 115, 5, flags=POST_ONLY), [Reason.RISK_PRICE_COLLAR, Reason.POST_ONLY_WOULD_TRADE],
    ),
    "a replace between two steps": (replace(7, 7, 104, 1, account=2), [Reason.INVALID_PRICE]),
    "a replace out of the collar": (replace(7, 7, 115, 1, account=2), [Reason.RISK_PRICE_COLLAR]),
    "a cancel by an account that may not trade": (cancel(7, account=3), [Reason.NOT_OWNER]),
}  # fmt: skip


@pytest.mark.parametrize(("command", "wanted"), UNDER_LIMITS.values(), ids=UNDER_LIMITS)
def test_what_an_instrument_declares(command, wanted):
    model = Model([HELD], Conventions(), ALL)
    model.apply(new(7, SELL, 105, 1, account=2))
    assert list(Refusals([HELD], Conventions(), ALL).of(command, model)) == wanted


@pytest.mark.parametrize(
    ("control", "reason"),
    [
        ("price_step", Reason.INVALID_PRICE), ("accounts", Reason.UNKNOWN_ACCOUNT),
        ("order_qty_max", Reason.RISK_ORDER_QUANTITY), ("order_value_max", Reason.RISK_ORDER_VALUE),
        ("collar_ticks", Reason.RISK_PRICE_COLLAR),
    ],
)  # fmt: skip
def test_an_engine_is_held_to_the_controls_that_it_declares(control, reason):
    """The order breaks all of them."""
    command, model = new(1, BUY, 114, 10, account=3), Model([HELD], Conventions(), ALL)
    offered = replace_fields(ALL, controls=(control,))
    assert list(Refusals([HELD], Conventions(), offered).of(command, model)) == [reason]
    assert len(list(Refusals([HELD], Conventions(), ALL).of(command, model))) == len(CONTROLS)
