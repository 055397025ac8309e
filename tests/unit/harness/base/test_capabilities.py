"""What an engine is held to is what it declares."""

import pytest

from harness.base.capabilities import CONTROLS, Instrument, RiskLimits, enforced

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
