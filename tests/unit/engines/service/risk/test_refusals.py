"""The controls one by one: below its limit and at it an order passes, one beyond is held back; by every way in."""

import pytest

from engines.service.risk.layout import POSITION as POSITION_COLUMN
from harness.base.controls import AccountControls, Controls, FirmControls, InstrumentControls
from tests.fakes.guarded_session import account
from tests.fakes.risk_session import RiskSession, held_to

POSITION, EXPOSURE, LOSS, COLLAR = "risk position", "risk exposure", "risk loss", "risk price collar"
HALF_OPEN = "B 100x4 #1; B 90x3 #2 @95"
"""Seven lots: a resting order and a stop limit that waits."""


@pytest.mark.parametrize(
    ("before", "line", "reason"),
    [
        ("", "B 100x9 #9", ""),
        ("", "B 100x10 #9", ""),
        ("", "B 100x11 #9", POSITION),
        ("", "B 100x11 #9 ioc", POSITION),
        ("", "B x11 #9 market", POSITION),
        ("", "B x11 #9 @90", POSITION),
        ("", "B 100x11 #9 i2", POSITION),
        ("", "S 100x5 #9", ""),
        ("", "S 100x6 #9", POSITION),
        (HALF_OPEN, "B 100x3 #9", ""),
        (HALF_OPEN, "B 100x4 #9", POSITION),
        (HALF_OPEN, "B 100x4 #9 i2", ""),
        (HALF_OPEN, "S 101x5 #9", ""),
        (HALF_OPEN, "replace #1 #1 100x7", ""),
        (HALF_OPEN, "replace #1 #9 99x8", POSITION),
        (f"{HALF_OPEN}; cancel #1 x1", "B 100x4 #9", ""),
        (f"{HALF_OPEN}; cancel #2", "B 100x6 #9", ""),
        (f"{HALF_OPEN}; S 100x3 #3 a8", "B 100x3 #9", ""),
        (f"{HALF_OPEN}; S 100x3 #3 a8", "B 100x4 #9", POSITION),
        (f"{HALF_OPEN}; S 100x3 #3 a8", "S 101x8 #9", ""),
        (f"{HALF_OPEN}; S 100x3 #3 a8", "S 101x9 #9", POSITION),
        (f"{HALF_OPEN}; S 100x3 #3 a8; replace #1 #1 100x4", "B 100x1 #9", POSITION),
        ("S 100x4 #3 a8; B 100x10 #1 ioc", "B 90x6 #9", ""),
        ("S 100x4 #3 a8; B 100x10 #1 ioc", "B 90x7 #9", POSITION),
    ],
)
def test_position(before, line, reason):
    stage = held_to(account(long_max=10, short_max=5))
    stage.says(before)
    assert stage.refusal(line) == reason


@pytest.mark.parametrize(
    ("before", "line", "reason"),
    [
        ("", "B 100x10 #9", ""),
        ("", "S 91x11 #9", EXPOSURE),
        ("", "S -91x11 #9", EXPOSURE),
        ("", "S x11 #9 @91", EXPOSURE),
        ("", "S 90x11 #9 @91", ""),
        ("", "S 0x100 #9", ""),
        ("", "B x100 #9 market", ""),
        ("", "B x20 #9 market i2", ""),
        ("", "B x21 #9 market i2", EXPOSURE),
        ("S 91x1 #3 a8; B 91x1 #4 a9", "B x11 #9 market", EXPOSURE),
        ("B 100x6 #1", "S 101x3 #9", ""),
        ("B 100x6 #1", "S 101x4 #9", EXPOSURE),
        ("B 100x6 #1; cancel #1 x2", "S 100x6 #9", ""),
        ("B 100x6 #1; S 100x6 #3 a8", "S 100x4 #9", ""),
        ("B 100x6 #1; S 100x6 #3 a8", "S 101x4 #9", EXPOSURE),
        ("S 80x6 #3 a8; B 100x6 #1", "S 104x5 #9", ""),
        ("S 80x6 #3 a8; B 100x6 #1", "S 105x5 #9", EXPOSURE),
        ("B 100x6 #1", "replace #1 #1 125x8", ""),
        ("B 100x6 #1", "replace #1 #1 143x7", EXPOSURE),
    ],
)
def test_exposure(before, line, reason):
    stage = held_to(account(exposure_max=1_000))
    stage.says(before)
    assert stage.refusal(line) == reason


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ("S 100x3 #3 a8; B 100x3 #1; S 91x1 #4 a8; B 91x1 #5 a9", ""),
        ("S 100x3 #3 a8; B 100x3 #1; S 90x1 #4 a8; B 90x1 #5 a9", LOSS),
        ("B 100x3 #3 a8; S 100x3 #1; S 110x1 #4 a8; B 110x1 #5 a9", LOSS),
        ("B 100x3 #3 a8; S 100x3 #1; S 109x1 #4 a8; B 109x1 #5 a9", ""),
        ("S 100x3 #3 a8; B 100x3 #1; B 90x3 #4 a8; S 90x3 #5", LOSS),
        ("S 100x3 #3 a8; B 100x3 #1; B 200x3 #4 a8; S 200x3 #5", ""),
        ("S 10x1 #3 a8; B 10x1 #1; S -19x1 #4 a8; B -19x1 #5 a9", ""),
        ("S 10x1 #3 a8; B 10x1 #1; S -20x1 #4 a8; B -20x1 #5 a9", LOSS),
        ("S 40x1 #3 a8 i2; B 40x1 #1 i2; S 25x1 #4 a8 i2; B 25x1 #5 a9 i2; S 20x1 #6 a8; B 20x1 #7; S 5x1 #2 a8; B 5x1 #10 a9", LOSS),
    ],
)  # fmt: skip
def test_loss_over_all_instruments(before, reason):
    stage = held_to(account(loss_max=30))
    assert stage.refusal(before) == ""
    assert stage.refusal("B 1x1 #99") == reason
    assert stage.refusal("S 900x0 #99") == (reason or "invalid quantity")
    assert stage.refusal("B 1x1 #98 a8") == ""


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("B 100x5 #9", ""),
        ("B 100x4 #9", "invalid quantity"),
        ("B 105x5 #9", ""),
        ("B 106x5 #9", COLLAR),
        ("S 94x5 #9 @100", COLLAR),
        ("S x5 #9 @200", ""),
        ("S x5 #9 market", ""),
        ("replace #1 #1 105x10", ""),
        ("replace #1 #1 106x10", COLLAR),
        ("replace #1 #1 100x7", "invalid quantity"),
        ("replace #2 #2 200x7", "unknown order"),
    ],
)
def test_lot_and_static_collar(line, reason):
    stage = held_to(account(), InstrumentControls(instrument=1, qty_step=5, static_price=100, static_ticks=5))
    stage.says("B 100x10 #1")
    assert stage.refusal(line) == reason


def test_a_firm_is_held_to_the_sums_of_its_accounts():
    firm = FirmControls(firm=5, long_max=10, exposure_max=1_500)
    stage = held_to(account(1, firm=5), account(2, firm=5), firm)
    stage.says("B 100x6 #1 a1; S 100x2 #3 a8")
    assert stage.refusal("B 100x5 #4 a2") == POSITION
    assert stage.refusal("B 100x4 #4 a2") == ""
    assert stage.refusal("S 101x5 #5 a2") == EXPOSURE
    assert stage.refusal("S 100x5 #5 a1") == ""


def test_who_may_trade_and_what():
    stage = held_to(account(restricted=(2,)), account(2), InstrumentControls(instrument=1, restricted=True))
    assert stage.refusal("B 1x1 #1 a5") == "unknown account"
    assert stage.refusal("B 1x1 #1 a2") == stage.refusal("B 1x1 #1 i2") == "risk restricted"
    assert stage.refusal("B 1x1 #1 a2 i2") == ""
    assert stage.refusal("cancel #7 a5") == "unknown order"


def test_where_no_account_is_declared_any_may_trade():
    stage = RiskSession(Controls(instruments=(InstrumentControls(instrument=1, static_price=100, static_ticks=5),)))
    assert stage.refusal("B 100x5 #1 a55; S 100x5 #2 a66") == ""
    assert stage.refusal("B 106x5 #1 a55") == COLLAR


@pytest.mark.parametrize("line", ["B 1x1 #9 i3", "B 1x0 #9", "B 1x101 #9", "B 1001x1 #9", "B x1 #9", "B x1 #9 @1001"])
def test_what_could_not_become_an_order_is_left_to_the_engine(line):
    stage = held_to(account(long_max=1, exposure_max=1))
    assert stage.refusal(line) in {"unknown instrument", "invalid quantity", "invalid price"}


def test_a_total_counts_by_what_would_be_open():
    stage = RiskSession(Controls(accounts=(account(long_max=10), account(8))), replace_quantity="total")
    stage.says("B 100x8 #1; S 100x3 #2 a8")
    assert stage.refusal("replace #1 #1 100x11") == POSITION
    assert stage.refusal("replace #1 #1 100x3") == "invalid quantity"
    assert stage.refusal("replace #1 #1 100x10") == ""


def test_a_refused_order_leaves_no_trace():
    stage = held_to(account(long_max=10))
    stage.says("B 100x9 #1")
    before = stage.book()
    assert stage.refusal("B 101x2 #2; replace #1 #3 101x11") == POSITION
    assert stage.book() == before
    assert stage.refusal("B 100x1 #2") == ""
    assert stage.counters["refused: risk position"] == 2


def test_sums_stop_at_what_their_words_hold_whatever_the_limits_say():
    """Instrument 2 takes 2**40 lots an order: some two million of them, all together in one firm, are more than it may hold."""
    stage = held_to(AccountControls(account=1, long_max=2**80))
    stage.engine.guarded.ledger.holdings[7, POSITION_COLUMN] = 2**61 - 2**40
    assert stage.refusal(f"B 1x{2**40} #1 i2") == ""
    assert stage.refusal("B 1x1 #2 i2") == "exhausted"
    assert stage.refusal("S 1x1 #2 i2") == ""
