"""Controls that mean nothing are refused by name; what is not named has no limit."""

import pytest

from harness.base.controls import (
    LIMITS_OF,
    AccountControls,
    Controls,
    FirmControls,
    InstrumentControls,
    LimitCode,
    Rate,
)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: Rate(most=-1), "no rate"),
        (lambda: Rate(most=1, window_ns=0), "no rate"),
        (lambda: AccountControls(account=1, loss_max=-1), "loss_max is -1"),
        (lambda: FirmControls(firm=1, long_max=-5), "long_max is -5"),
        (lambda: InstrumentControls(instrument=1, pause_ns=-1), "pause_ns is -1"),
        (lambda: InstrumentControls(instrument=7, qty_step=0), "qty_step of instrument 7 is 0"),
        (
            lambda: Controls(accounts=(AccountControls(account=3), AccountControls(account=3))),
            "account 3 has its controls",
        ),
        (lambda: Controls(firms=(FirmControls(firm=2), FirmControls(firm=2))), "firm 2 has its controls"),
        (lambda: Controls(instruments=(InstrumentControls(instrument=4),) * 2), "instrument 4 has its controls"),
    ],
)
def test_what_means_nothing_is_refused_by_name(made, said):
    with pytest.raises(ValueError, match=said):
        made()


def test_nothing_is_limited_unless_it_is_said():
    account = AccountControls(account=1)
    assert (account.long_max, account.exposure_max, account.messages.most, account.restricted) == (0, 0, 0, ())


def test_every_code_is_a_limit_of_some_scope():
    assert frozenset(LimitCode) == frozenset().union(*LIMITS_OF.values())
    assert LIMITS_OF["firm"] < LIMITS_OF["account"]
    assert not LIMITS_OF["instrument"] & LIMITS_OF["account"]
