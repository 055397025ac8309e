"""The controls that look at sums, position, exposure and loss: at the limit an order passes, one beyond it is held back, by whatever way it comes."""

import pytest

from harness.base.controls import FirmControls
from tests.fakes.guarded_session import account, open_to

POSITION, EXPOSURE, LOSS = "risk position", "risk exposure", "risk loss"


@pytest.mark.parametrize(
    ("before", "line", "reason"),
    [
        ("", "B 100x9 #9", ""),
        ("", "B 100x10 #9", ""),
        ("", "B 100x11 #9", POSITION),
        ("", "B x11 #9 market", POSITION),
        ("", "B x10 #9 market", ""),
        ("", "B x11 #9 @100", POSITION),
        ("", "B 100x11 #9 @100", POSITION),
        ("", "B 100x11 #9 ioc", POSITION),
        ("", "S 100x5 #9", ""),
        ("", "S 100x6 #9", POSITION),
        ("B 100x4 #1", "B 99x6 #9", ""),
        ("B 100x4 #1", "B 99x7 #9", POSITION),
        ("B x4 #1 @200", "B 99x7 #9", POSITION),
        ("B 100x4 #1", "B 99x7 #9 i2", ""),
        ("B 100x4 #1; cancel #1", "B 99x10 #9", ""),
        ("B 100x4 #1; cancel #1 x1", "B 99x7 #9", ""),
        ("B 100x4 #1; cancel #1 x1", "B 99x8 #9", POSITION),
        ("B 100x4 #1; mass_cancel a1", "B 99x10 #9", ""),
        ("S 100x4 #1 a8; B 100x4 #2", "B 99x6 #9", ""),
        ("S 100x4 #1 a8; B 100x4 #2", "B 99x7 #9", POSITION),
        ("S 100x4 #1 a8; B 100x9 #2", "B 99x1 #9", ""),
        ("S 100x4 #1 a8; B 100x9 #2", "B 99x2 #9", POSITION),
        ("S 100x4 #1 a8; B 100x9 #2 ioc", "B 99x6 #9", ""),
        ("B 100x4 #1; S 100x3 #2 a8", "B 99x6 #9", ""),
        ("B 100x4 #1; S 100x3 #2 a8", "B 99x7 #9", POSITION),
        ("B 100x4 #1; S 100x4 #2 a8", "S 99x9 #9", ""),
        ("B 100x4 #1; S 100x4 #2 a8", "S 99x10 #9", POSITION),
        ("S 100x4 #1; B 100x4 #2 a8", "B 99x14 #9", ""),
        ("S 100x4 #1; B 100x4 #2 a8", "B 99x15 #9", POSITION),
        ("S 100x2 #1; B 100x2 #2 a8", "S 99x4 #9", POSITION),
        ("B 100x4 #1; B 90x3 #2", "replace #1 #1 100x7", ""),
        ("B 100x4 #1; B 90x3 #2", "replace #1 #1 100x8", POSITION),
        ("B 100x4 #1; B 90x3 #2", "replace #1 #9 100x8", POSITION),
        ("B 100x10 #1", "replace #1 #1 100x9", ""),
        ("B 100x10 #1", "replace #1 #1 101x10", ""),
        ("B 100x10 #1; replace #1 #1 100x6", "B 99x4 #9", ""),
        ("B 100x10 #1; replace #1 #1 100x6", "B 99x5 #9", POSITION),
        ("B 100x10 #1; replace #1 #1 100x9 a8", "B 99x1 #9", POSITION),
        ("B 100x4 #1; B 100x4 #1", "B 99x6 #9", ""),
    ],
)  # fmt: skip
def test_position(before, line, reason):
    stage = open_to(account(long_max=10, short_max=5))
    assert not before or stage.says(before)
    assert stage.refusal(line) == reason


def test_a_stop_that_triggers_was_counted_when_it_came_and_is_not_looked_at_again():
    stage = open_to(account(long_max=10))
    stage.says("B x6 #1 @100; S 100x1 #2 a8; S 101x9 #3 a8; B 100x1 #4 a9")
    assert stage.refusal("B 99x5 #5") == POSITION
    assert stage.engine.accounts[1].holding(1).position == 6
    assert stage.refusal("B 99x4 #5") == ""


def test_a_firm_counts_all_its_accounts():
    firm = FirmControls(firm=3, long_max=10, short_max=5)
    stage = open_to(account(1, firm=3, long_max=8), account(2, firm=3), account(4, firm=5), firm)
    stage.says("B 100x6 #1 a1; B 99x3 #2 a2")
    assert stage.refusal("B 98x2 #9 a2") == POSITION
    assert stage.refusal("B 98x2 #9 a1") == POSITION
    assert stage.refusal("B 98x2 #9 a4") == ""
    assert stage.refusal("B 98x1 #10 a2") == ""
    stage.says("cancel #1; S 97x4 #3 a8")
    assert stage.refusal("B 98x10 #11 a1") == POSITION, "its own limit, where the firm has 6 left"
    assert stage.refusal("B 98x7 #11 a2") == POSITION
    assert stage.refusal("B 98x6 #11 a2") == ""


@pytest.mark.parametrize(
    ("before", "line", "reason"),
    [
        ("", "B 100x10 #9", ""),
        ("", "B 101x10 #9", EXPOSURE),
        ("", "S 100x10 #9", ""),
        ("", "S 91x11 #9", EXPOSURE),
        ("", "B -100x10 #9", ""),
        ("", "B -91x11 #9", EXPOSURE),
        ("", "B 0x100 #9", ""),
        ("", "B 1x10 #9 @500", ""),
        ("", "B 101x10 #9 @1", EXPOSURE),
        ("", "B x10 #9 @100", ""),
        ("", "B x11 #9 @91", EXPOSURE),
        ("", "B x100 #9 market", ""),
        ("", "B x20 #9 market i2", ""),
        ("", "B x21 #9 market i2", EXPOSURE),
        ("S 101x1 #1 a8; B 101x1 #2 a9", "B x10 #9 market", EXPOSURE),
        ("S 100x1 #1 a8; B 100x1 #2 a9", "B x10 #9 market", ""),
        ("B 50x10 #1", "B 50x10 #9 i2", ""),
        ("B 50x10 #1", "S 50x10 #9", ""),
        ("B 50x10 #1", "B 51x10 #9 i2", EXPOSURE),
        ("B 100x10 #1; cancel #1 x1", "B 100x1 #9", ""),
        ("B 100x10 #1; cancel #1 x1", "B 101x1 #9", EXPOSURE),
        ("B 100x10 #1; cancel #1", "B 100x10 #9", ""),
        ("B 100x10 #1; S 100x10 #2 a8", "B 1x1 #9", EXPOSURE),
        ("S 90x9 #1 a8; B 100x9 #2", "B 95x2 #9", ""),
        ("S 90x9 #1 a8; B 100x9 #2", "B 96x2 #9", EXPOSURE),
        ("S 90x5 #1 a8; B 100x9 #2 ioc", "B 55x10 #9", ""),
        ("S 90x5 #1 a8; B 100x9 #2 ioc", "B 56x10 #9", EXPOSURE),
        ("B 90x5 #1; S 90x5 #2 a8; B 50x5 #3 a9; S 50x5 #4", "B 30x10 #9", ""),
        ("B 90x5 #1; S 90x5 #2 a8; B 50x5 #3 a9; S 50x5 #4", "B 31x10 #9", EXPOSURE),
        ("B 50x10 #1", "replace #1 #1 100x10", ""),
        ("B 50x10 #1", "replace #1 #1 101x10", EXPOSURE),
        ("B 50x10 #1", "replace #1 #9 50x21", EXPOSURE),
        ("B 50x10 #1; replace #1 #9 60x10", "B 40x10 #10", ""),
        ("B 50x10 #1; replace #1 #9 60x10", "B 41x10 #10", EXPOSURE),
        ("B 50x10 #1; replace #1 #9 40x10", "B 60x10 #10", ""),
        ("B 50x10 #1; replace #1 #9 100x11", "B 50x10 #10", ""),
    ],
)  # fmt: skip
def test_exposure(before, line, reason):
    stage = open_to(account(exposure_max=1_000))
    assert not before or stage.says(before)
    assert stage.refusal(line) == reason


def test_exposure_is_exact_beyond_64_bits():
    stage = open_to(account(exposure_max=2**62 - 1))
    assert stage.refusal(f"B {2**62}x1 #1 i2") == EXPOSURE
    assert stage.refusal(f"B {2**62}x{2**40} #1 i2") == EXPOSURE
    assert stage.refusal(f"B {2**62 - 1}x1 #1 i2") == ""
    assert stage.refusal("B 1x1 #2 i2") == EXPOSURE


def test_exposure_of_a_firm():
    stage = open_to(account(1, firm=3), account(2, firm=3), FirmControls(firm=3, exposure_max=1_000))
    stage.says("B 60x10 #1 a1")
    assert stage.refusal("B 41x10 #9 a2") == EXPOSURE
    assert stage.refusal("B 40x10 #9 a2") == ""


def test_a_market_order_stays_valued_as_it_was_accepted_and_a_stop_too():
    stage = open_to(account(exposure_max=1_000))
    stage.says("B 60x10 #1 @150; S 150x1 #2 a8; B 150x1 #3 a9; B 155x1 #4 a9")
    assert stage.refusal("B 41x10 #9") == EXPOSURE
    assert stage.refusal("B 40x10 #9") == ""


@pytest.mark.parametrize(
    ("before", "line", "reason"),
    [
        ("", "B 100x1 #9", ""),
        ("S 100x10 #1 a8; B 100x10 #2; S 91x1 #3 a8; B 91x1 #4 a9", "B 1x1 #9", ""),
        ("S 100x10 #1 a8; B 100x10 #2; S 90x1 #3 a8; B 90x1 #4 a9", "B 1x1 #9", LOSS),
        ("S 100x10 #1 a8; B 100x10 #2; S 90x1 #3 a8; B 90x1 #4 a9", "S 200x10 #9", LOSS),
        ("S 100x10 #1 a8; B 100x10 #2; S 90x1 #3 a8; B 90x1 #4 a9", "B 1x0 #9", LOSS),
        ("B 100x10 #1 a8; S 100x10 #2; S 109x1 #3 a8; B 109x1 #4 a9", "B 1x1 #9", ""),
        ("B 100x10 #1 a8; S 100x10 #2; S 110x1 #3 a8; B 110x1 #4 a9", "B 1x1 #9", LOSS),
        ("S -10x10 #1 a8; B -10x10 #2; S -20x1 #3 a8; B -20x1 #4 a9", "B 1x1 #9", LOSS),
        ("S 100x10 #1 a8; B 100x10 #2; B 90x10 #3 a8; S 90x10 #4", "B 1x1 #9", LOSS),
        ("S 100x10 #1 a8; B 100x10 #2; B 91x10 #3 a8; S 91x10 #4", "B 1x1 #9", ""),
        ("B 50x2 #5; S 100x10 #1 a8; B 100x10 #2; S 90x1 #3 a8; B 90x1 #4 a9", "replace #5 #5 50x1", LOSS),
        ("B 50x2 #5; S 100x10 #1 a8; B 100x10 #2; S 90x1 #3 a8; B 90x1 #4 a9", "cancel #5", ""),
        ("S 100x5 #1 a8; B 100x5 #2; S 90x1 #3 a8; B 90x1 #4 a9; S 50x5 #5 i2 a8; B 50x5 #6 i2; S 40x1 #7 i2 a8; B 40x1 #8 i2 a9", "B 1x1 #9", LOSS),
    ],
)  # fmt: skip
def test_loss(before, line, reason):
    stage = open_to(account(loss_max=100))
    assert not before or stage.says(before)
    assert stage.refusal(line) == reason


def test_the_loss_ends_where_the_market_comes_back():
    stage = open_to(account(loss_max=100))
    stage.says("S 100x10 #1 a8; B 100x10 #2; S 90x1 #3 a8; B 90x1 #4 a9")
    assert stage.refusal("B 1x1 #9") == LOSS
    stage.says("S 91x1 #5 a8; B 91x1 #6 a9")
    assert stage.refusal("B 1x1 #9") == ""
