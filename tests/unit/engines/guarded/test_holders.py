"""Whom the controls hold, on their own: what each sum does, and that every limit of a scope has its place."""

import pytest

from engines.guarded.holders import OpenOrder, account_of, firm_of, watched
from harness.base.controls import LIMITS_OF, AccountControls, FirmControls, InstrumentControls, LimitCode, Rate
from harness.base.records import Side

FIVE = Rate(most=5, window_ns=7)


@pytest.mark.parametrize(
    ("held", "scope"),
    [
        (account_of(AccountControls(account=1)), "account"),
        (firm_of(FirmControls(firm=1)), "firm"),
        (watched(InstrumentControls(instrument=1)), "instrument"),
    ],
)
def test_a_scope_has_the_limits_that_an_operator_may_set_and_no_others(held, scope):
    assert set(held.limits) == LIMITS_OF[scope]
    assert set(held.limits.values()) == {0}


def test_the_limits_are_those_declared():
    account = account_of(
        AccountControls(
            account=1, long_max=1, short_max=2, exposure_max=3, loss_max=4, messages=FIVE, duplicates=Rate(most=6), repeats=Rate(most=7)
        )
    )  # fmt: skip
    assert [account.limits[code] for code in sorted(account.limits)] == [1, 2, 3, 4, 5, 6, 7]
    firm = firm_of(FirmControls(firm=1, long_max=1, short_max=2, exposure_max=3, messages=FIVE))
    assert [firm.limits[code] for code in sorted(firm.limits)] == [1, 2, 3, 5]
    instrument = watched(InstrumentControls(instrument=1, static_ticks=8, breaker_ticks=9, volume_max=10))
    assert [instrument.limits[code] for code in sorted(instrument.limits)] == [8, 9, 10]


@pytest.mark.parametrize(("side", "bought"), [(Side.BUY, 3), (Side.SELL, -3)])
def test_open_and_traded(side, bought):
    holder = account_of(AccountControls(account=1))
    order = OpenOrder(1, 1, side, -20, 5)
    holder.add_open(order, 5)
    holder.add_open(order, -3)
    holder.add_traded(order, -10, 3)
    holding = holder.holding(1)
    assert (holding.position, holding.open_lots(side), holding.open_lots(1 - side)) == (bought, 2, 0)
    assert (holding.position_toward(side), holding.position_toward(1 - side)) == (3, -3)
    assert (holder.open_value, holder.traded_value, holder.paid) == (40, 30, -10 * bought)
    assert order.value == 100


@pytest.mark.parametrize("code", [LimitCode.MESSAGES, LimitCode.DUPLICATES, LimitCode.REPEATS, LimitCode.LONG_MAX])
def test_a_limit_forgets_its_own_window_alone(code):
    account = account_of(AccountControls(account=1))
    windows = {
        LimitCode.MESSAGES: account.messages,
        LimitCode.DUPLICATES: account.duplicates,
        LimitCode.REPEATS: account.repeats,
    }
    for window in windows.values():
        window.add(1, 0)
    account.forget(code)
    assert {name for name, window in windows.items() if window.amount(1, 0)} == set(windows) - {code}


@pytest.mark.parametrize("code", [LimitCode.BREAKER_TICKS, LimitCode.VOLUME_MAX, LimitCode.STATIC_TICKS])
def test_a_breaker_forgets_its_own_window_alone(code):
    instrument = watched(InstrumentControls(instrument=1))
    windows = {LimitCode.BREAKER_TICKS: instrument.prices, LimitCode.VOLUME_MAX: instrument.volume}
    for window in windows.values():
        window.add(1, 0)
    instrument.forget(code)
    assert {name for name, window in windows.items() if window.amount(1, 0)} == set(windows) - {code}
