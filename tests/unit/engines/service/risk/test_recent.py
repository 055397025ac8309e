"""Duplicates: what an account ordered lately, exactly as long as its window, in bounded memory."""

import pytest

from engines.service.risk.layout import DUPLICATES_SIZE, FIRST_SIZE, Room
from harness.base.controls import LimitCode, Rate
from tests.fakes.guarded_session import account
from tests.fakes.risk_session import held_to

DUPLICATE, FULL = "risk duplicate", "exhausted"


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ("B 100x5 #9", DUPLICATE),
        ("B 100x5 #9 ioc", DUPLICATE),
        ("S 100x5 #9", ""),
        ("B 101x5 #9", ""),
        ("B 100x6 #9", ""),
        ("B 100x5 #9 i2", ""),
        ("B 100x5 #9 @90", ""),
        ("B 100x5 #9 market", ""),
        ("B 100x5 #9 a2", ""),
        ("replace #1 #1 100x5", ""),
    ],
)
def test_what_makes_two_orders_the_same(other, reason):
    twice = Rate(most=2, window_ns=100)
    stage = held_to(account(duplicates=twice), account(2, duplicates=twice))
    assert stage.refusal("B 100x5 #1; B 100x5 #2") == ""
    assert stage.refusal(other) == reason


def test_a_window_ends_exactly():
    stage = held_to(account(duplicates=Rate(most=1, window_ns=100)))
    assert stage.refusal("B 100x5 #1; B 99x5 #2; B 98x5 #3") == ""
    stage.clock.time_ns = 99
    assert stage.refusal("B 100x5 #4") == stage.refusal("B 98x5 #4") == DUPLICATE
    stage.clock.time_ns = 100
    assert stage.refusal("B 100x5 #4") == ""
    assert stage.refusal("B 100x5 #5") == DUPLICATE


def test_what_the_book_refused_was_let_through_and_what_a_control_refused_was_not():
    stage = held_to(account(duplicates=Rate(most=1), exposure_max=1_000))
    assert stage.refusal("S 90x1 #5 a8; B 100x5 #1 post") == "post only would trade"
    assert stage.refusal("B 100x5 #1") == DUPLICATE
    assert stage.refusal("B 101x10 #2; B 101x10 #2") == "risk exposure"


def test_nothing_is_forgotten_before_its_time_and_what_does_not_fit_is_refused():
    """A ring of 64 orders grows as far as that, each order another one; the first is known as long as the window."""
    stage = held_to(account(duplicates=Rate(most=1, window_ns=1_000)), room=Room(duplicates=64))
    for price in range(64):
        stage.clock.time_ns = price
        assert stage.refusal(f"B {price}x1 #{price + 1} ioc") == ""
    assert all(stage.refusal(f"B {price}x1 #99") == DUPLICATE for price in range(64))
    assert stage.refusal("B 64x1 #99") == FULL
    assert stage.refusal("B 64x1 #98 a8") == ""
    stage.clock.time_ns = 1_000
    assert stage.refusal("B 64x1 #99") == "", "the first of them has left the window"
    assert stage.refusal("B 65x1 #99") == FULL
    assert stage.refusal("B 1x1 #99") == DUPLICATE


def test_a_ring_is_no_larger_than_what_stands_in_the_window():
    stage = held_to(account(duplicates=Rate(most=1, window_ns=10)), room=Room(duplicates=64))
    for price in range(900):
        stage.clock.time_ns += 1
        assert stage.refusal(f"B {price}x1 #{price + 1} ioc") == ""
    assert stage.engine.guarded.ledger.holders[3, DUPLICATES_SIZE] == FIRST_SIZE
    stage.clock.time_ns += 10
    assert all(stage.refusal(f"S {price}x1 #1 ioc") == "" for price in range(64))
    assert all(stage.refusal(f"S {price}x1 #1 ioc") == DUPLICATE for price in range(64))
    assert stage.refusal("S 64x1 #1") == FULL


def test_a_control_that_is_taken_away_forgets():
    stage = held_to(account(duplicates=Rate(most=1)))
    stage.says("B 100x5 #1")
    stage.asks("limit", account=1, type=LimitCode.DUPLICATES, qty=0)
    assert stage.refusal("B 100x5 #2") == ""
    stage.asks("limit", account=1, type=LimitCode.DUPLICATES, qty=1)
    assert stage.refusal("B 100x5 #3") == ""
    assert stage.refusal("B 100x5 #4") == DUPLICATE
