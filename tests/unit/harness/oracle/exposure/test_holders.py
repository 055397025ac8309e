"""Whom limits hold: what is declared, what an operator changes, and who counts for whom."""

from harness.base.controls import AccountControls, Controls, FirmControls, InstrumentControls, LimitCode, Rate
from harness.oracle.exposure.holders import Holders
from tests.fakes.told import BOUNDS

RATE = Rate(most=3, window_ns=10)
CONTROLS = Controls(
    accounts=(
        AccountControls(
            account=1, firm=5, long_max=11, short_max=12, exposure_max=13, loss_max=14, messages=RATE, duplicates=RATE, repeats=RATE
        ),
        AccountControls(account=2, firm=6),
    ),
    firms=(FirmControls(firm=5, long_max=21, short_max=22, exposure_max=23, messages=RATE), FirmControls(firm=7)),
    instruments=(InstrumentControls(instrument=1, static_ticks=31, breaker_ticks=32, volume_max=33),),
)  # fmt: skip


def test_each_limit_is_read_from_what_is_declared():
    holders = Holders(BOUNDS, CONTROLS)
    of = {code: [holder.limit(code) for holder in holders.of(1)] for code in LimitCode}
    assert of[LimitCode.LONG_MAX] == [11, 21]
    assert of[LimitCode.SHORT_MAX] == [12, 22]
    assert of[LimitCode.EXPOSURE_MAX] == [13, 23]
    assert of[LimitCode.LOSS_MAX] == [14, 0]
    assert of[LimitCode.MESSAGES] == [3, 3]
    assert of[LimitCode.DUPLICATES] == of[LimitCode.REPEATS] == [3, 0]
    held = holders.instruments[1]
    assert [held.limit(code) for code in (LimitCode.STATIC_TICKS, LimitCode.BREAKER_TICKS, LimitCode.VOLUME_MAX)] == [
        31,
        32,
        33,
    ]


def test_an_account_counts_for_itself_and_its_firm_and_one_that_is_not_declared_nowhere():
    holders = Holders(BOUNDS, CONTROLS)
    assert [holder.name for holder in holders.of(1)] == ["account 1", "firm 5"]
    assert [holder.name for holder in holders.of(2)] == ["account 2", "firm 6"]
    assert holders.of(3) == ()


def test_a_firm_without_an_account_is_none():
    assert list(Holders(BOUNDS, CONTROLS).firms) == [5, 6]


def test_what_is_not_declared_has_no_limits():
    holders = Holders(BOUNDS, CONTROLS)
    assert not any(holders.firms[6].limit(code) for code in LimitCode)
    assert not any(holders.instruments[2].limit(code) for code in LimitCode)
    assert holders.instruments[2].declared.qty_step == 1


def test_a_window_counts_while_there_is_a_limit_and_forgets_when_it_is_taken_away():
    account = Holders(BOUNDS, CONTROLS).accounts[1]
    window = account.window(LimitCode.MESSAGES)
    account.count(LimitCode.MESSAGES, None, 1)
    account.change(LimitCode.MESSAGES, 9)
    assert (window.total(None, 1), account.limit(LimitCode.MESSAGES)) == (1, 9)
    account.change(LimitCode.MESSAGES, 0)
    account.count(LimitCode.MESSAGES, None, 1)
    assert window.total(None, 1) == 0
