"""What an engine is held to is what it declares."""

import msgspec
import pytest

from harness.base.capabilities import (
    CONTROLS,
    OF_ANY_ACCOUNT,
    Capabilities,
    Instrument,
    RiskLimits,
    enforced,
    lie_within,
)

RISK = RiskLimits(order_qty_max=9, order_value_max=900, collar_ticks=10, reference_price=100, accounts=(1, 2))
HELD = Instrument(id=1, symbol="HELD", price_max=200, price_step=5, risk=RISK)


def limits(instrument):
    risk = instrument.risk
    return instrument.price_step, risk.accounts, risk.order_qty_max, risk.order_value_max, risk.collar_ticks


def test_every_control_is_a_limit_of_an_instrument():
    assert enforced(HELD, CONTROLS) == HELD
    assert limits(enforced(HELD, ())) == limits(Instrument(id=1, symbol="FREE"))


@pytest.mark.parametrize("control", CONTROLS)
def test_a_limit_that_is_not_declared_is_none(control):
    held, free = limits(HELD), limits(Instrument(id=1, symbol="FREE"))
    wanted = tuple(held[at] if name == control else free[at] for at, name in enumerate(CONTROLS))
    assert limits(enforced(HELD, (control,))) == wanted


def test_the_reference_price_is_no_control():
    assert enforced(HELD, ()).risk.reference_price == 100


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: Instrument(id=1, symbol="X", price_step=0), "price_step of X is 0"),
        (lambda: RiskLimits(order_qty_max=-1), "order_qty_max is -1"),
        (lambda: RiskLimits(order_value_max=-1), "order_value_max is -1"),
        (lambda: RiskLimits(collar_ticks=-1), "collar_ticks is -1"),
    ],
)
def test_a_limit_that_means_nothing_is_refused_by_name(made, said):
    with pytest.raises(ValueError, match=said):
        made()


def test_what_is_offered_is_what_may_be_sent_and_nothing_that_is_told():
    engine = Capabilities(
        commands=("new",), types=("stop",), tifs=("fok",), flags=("post_only",), terms=("min_qty",), controls=("collar_ticks",),
        carries=("maker",), book=("depth",),
    )  # fmt: skip
    assert engine.offered() == {"new", "stop", "fok", "post_only", "min_qty"}


@pytest.mark.parametrize(
    ("commands", "of", "all_at_once"),
    [(("mass_cancel",), "any", True), (("mass_cancel",), "account", False), (("cancel",), "any", False)],
)
def test_whether_one_command_cancels_all_hangs_on_whose_orders_it_may_take(commands, of, all_at_once):
    engine = Capabilities(commands=commands, mass_cancel_of=of)
    assert engine.cancels_all() == all_at_once
    assert (OF_ANY_ACCOUNT in engine.offered()) == all_at_once


@pytest.mark.parametrize(
    ("own", "fits"),
    [
        ({}, True),
        ({"price_max": 50}, True),
        ({"price_min": 2, "qty_min": 2, "qty_max": 9}, True),
        ({"price_max": 101}, False),
        ({"qty_max": 11}, False),
        ({"price_min": 0}, False),
        ({"qty_min": 0}, False),
        ({"price_step": 5}, False),
        ({"symbol": "Y"}, False),
    ],
)
def test_an_engine_may_trade_in_narrower_bounds_than_are_asked_for(own, fits):
    asked = Instrument(id=1, symbol="X", price_max=100, qty_max=10)
    other = Instrument(id=2, symbol="Z")
    assert lie_within((msgspec.structs.replace(asked, **own), other), (asked, other)) == fits


def test_an_engine_of_fewer_instruments_does_not_trade_what_is_asked_for():
    asked = (Instrument(id=1, symbol="X"), Instrument(id=2, symbol="Z"))
    assert not lie_within(asked[:1], asked)


@pytest.mark.parametrize(
    ("own", "may"),
    [({}, False), ({"says_all": False}, True), ({"channels": ("ouch", "fix")}, True)],
    ids=["a wire that says all", "one that does not", "more than one channel"],
)
def test_commands_may_be_left_unsaid_where_a_wire_cannot_say_all(own, may):
    assert Capabilities(**own).may_leave_unsaid() == may
