"""Sums as single steps show them; over many commands they are held in test_following."""

import pytest

from engines.reference.machine import U
from engines.service.risk.layout import EXPOSURE_LOW, FIRST_TRADED, LAST_OF_LIST, NEXT_TRADED, PAID_LOW
from engines.service.risk.sums import loss_of
from tests.fakes.guarded_session import account
from tests.fakes.risk_session import held_to

ACCOUNT = 3
"""The row of account 1, behind those of accounts 8 and 9."""


def stage_after(lines):
    stage = held_to(account())
    stage.says(lines)
    return stage.engine.guarded


def loss_after(lines):
    guarded = stage_after(lines)
    high, low = loss_of(guarded.engine.state, guarded.ledger, U(ACCOUNT))
    total = int(high) << 64 | int(low)
    return total - (total >> 127 << 128)


@pytest.mark.parametrize(
    ("lines", "exposure"),
    [
        ("B 100x4 #1", 400),
        ("B -100x4 #1", 400),
        ("B 100x4 #1; cancel #1 x1", 300),
        ("B 100x4 #1; replace #1 #2 50x10", 500),
        ("S 90x4 #9 a8; B 100x4 #1", 360),
        ("B 100x4 #9 a8; S 90x4 #1", 400),
        ("B 100x4 #1; S 100x3 #9 a8", 400),
        ("S 90x3 #9 a8; B 100x4 #1 ioc", 270),
        ("S 90x3 #9 a8; B x4 #1 market", 270),
        ("B x4 #1 @70", 280),
        ("S 70x1 #8 a8; S 75x4 #9 a8; B x4 #1 @70; B 70x1 #7 a9", 300),
    ],
)
def test_exposure(lines, exposure):
    assert stage_after(lines).ledger.holders[ACCOUNT, EXPOSURE_LOW] == exposure


@pytest.mark.parametrize(
    ("lines", "loss"),
    [
        ("B 100x4 #1", 0),
        ("S 100x4 #9 a8; B 100x4 #1", 0),
        ("S 100x4 #9 a8; B 100x4 #1; S 90x1 #7 a8; B 90x1 #8 a9", 40),
        ("B 100x4 #9 a8; S 100x4 #1; S 90x1 #7 a8; B 90x1 #8 a9", -40),
        ("S 100x4 #9 a8; B 100x4 #1; B 90x4 #7 a8; S 90x4 #8", 40),
        ("S -5x4 #9 a8; B -5x4 #1; S -9x1 #7 a8; B -9x1 #8 a9", 16),
        ("B -5x4 #9 a8; S -5x4 #1; S 9x1 #7 a8; B 9x1 #8 a9", 56),
        ("B 5x4 #9 a8 i2; S 5x4 #1 i2; S 9x1 #7 a8 i2; B 9x1 #8 a9 i2; S 2x2 #3 a8; B 2x2 #4; S 1x1 #5 a8; B 1x1 #6 a9", 18),
    ],
)  # fmt: skip
def test_loss(lines, loss):
    assert loss_after(lines) == loss


def test_a_firm_has_no_cash_and_each_holding_is_listed_once():
    guarded = stage_after("B 9x9 #1 a8; S 9x1 #2; S 9x1 #3; B 9x9 #4 a8 i2; S 9x1 #5 i2")
    ledger = guarded.ledger
    assert ledger.holders[4:, PAID_LOW].tolist() == [0, 0]
    assert ledger.holders[ACCOUNT, FIRST_TRADED] == 7
    assert ledger.holdings[[6, 7], NEXT_TRADED].tolist() == [LAST_OF_LIST, 6]
