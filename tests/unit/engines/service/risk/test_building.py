"""What a service declares becomes rows; what no sum could hold is refused before anything trades."""

import pytest

from engines.service.risk.building import build
from engines.service.risk.layout import (
    EXPOSURE_MAX,
    FIRMS,
    LONG_MAX,
    LOTS_CAP,
    NUMBER,
    ORDER_VALUE_CAP,
    STAGGER,
    VALUE_CAP_HIGH,
    Room,
)
from harness.base.capabilities import Instrument
from harness.base.controls import AccountControls, Controls, FirmControls, Rate
from harness.base.errors import SetupError

HELD = Controls(accounts=(AccountControls(account=7, firm=4, long_max=5, exposure_max=2**64 + 3),))


def instrument(number=1, **bounds):
    return Instrument(id=number, symbol=f"I{number}", **bounds)


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        ({"price_max": 2**62, "qty_max": 2**31}, None),
        ({"price_max": 2**62, "qty_max": 2**31 + 1}, "may be worth"),
        ({"price_min": -(2**62) - 1, "price_max": 0, "qty_max": 2**31}, "may be worth"),
    ],
)
def test_an_order_may_not_be_worth_more_than_the_sums_allow(bounds, said):
    build([instrument(**bounds)], Controls(), 1)
    if said is None:
        assert bounds["price_max"] * bounds["qty_max"] == ORDER_VALUE_CAP
        build([instrument(**bounds)], HELD, 1)
    else:
        with pytest.raises(SetupError, match=said):
            build([instrument(**bounds)], HELD, 1)


def test_nor_may_all_prices_together():
    many = [instrument(number, price_max=2**62, qty_max=1) for number in range(1, 6)]
    build(many[:4], HELD, 1)
    with pytest.raises(SetupError, match="highest prices"):
        build(many, HELD, 1)


def test_room_is_made_for_what_is_declared_and_there_is_some_of_each():
    rates = Controls(accounts=(AccountControls(account=1, messages=Rate(most=100), repeats=Rate(most=33)),))
    ledger = build([instrument()], rates, 1, Room(messages=5, repeats=5))
    assert ledger.messages.shape[1] - STAGGER == 128
    assert ledger.repeats.shape[1] - STAGGER == 64
    with pytest.raises(SetupError, match="wanted room"):
        build([instrument()], HELD, 1, Room(prints=0))


def test_a_firm_is_there_if_an_account_is_of_it_and_has_what_limits_it_declares():
    declared = Controls(accounts=HELD.accounts, firms=(FirmControls(firm=4, long_max=9), FirmControls(firm=8)))
    for controls, most in ((HELD, LOTS_CAP), (declared, 9)):
        ledger = build([instrument()], controls, 1)
        assert ledger.counts[FIRMS] == 1
        assert ledger.holders[:, NUMBER].tolist() == [0, 7, 4]
        assert ledger.holders[:, LONG_MAX].tolist() == [0, 5, most]
        assert ledger.holders[1:, EXPOSURE_MAX].tolist() == [1, VALUE_CAP_HIGH]
