"""Who trades with whom, at which price and for how much, and when it stops: each broken in one way."""

from __future__ import annotations

import pytest

from harness.base.capabilities import Instrument
from harness.base.reasons import Reason
from harness.base.records import EventKind
from tests.fakes.verified import at, lacks, says, swapped

SWEEP = "S 100x5 #1; S 100x5 #2; S 101x5 #3; B 101x12 #4 a2; B x9 #5 market a2; B 90x2 #6 ioc"
"""Event 7 is a trade of order 4 with order 1, 8 with order 2, 9 with order 3; 12 and 14 cancel the rest of orders 5 and 6."""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (None, ""),
        (at(7, maker=2), "wrong_maker 4"),
        (at(7, maker=9), "not_live 4"),
        (at(7, price=99), "wrong_price 4"),
        (at(7, qty=4), "wrong_qty 4"),
        (at(7, qty=6), "overfill 4"),
        (at(7, remaining=6), "wrong_remaining 4"),
        (at(7, order=1), "wrong_order 4"),
        (at(7, order=77), "not_live 4"),
        (at(7, account=3), "wrong_field 4"),
        (at(7, role=1), "wrong_field 4"),
        (swapped(8), "wrong_maker 4"),
        (lacks(9), "left_unfinished 4"),
        (at(9, kind=EventKind.RESTED), "stopped_early 4"),
        (at(12, kind=EventKind.TRADE, maker=3), "traded_too_far 5"),
        (at(12, kind=EventKind.RESTED), "wrong_kind 5"),
        (at(12, reason=Reason.IOC_REMAINDER), "wrong_reason 5"),
        (at(14, qty=1), "wrong_qty 6"),
    ],
)
def test_a_sweep(change, said):
    assert says(SWEEP, change) == said


OWN = "S 100x5 #1; S 100x3 #2 a2; B 100x9 #3"
"""Event 5 is the first of the incoming order after it was accepted: what happens when it meets the order of its own account."""


@pytest.mark.parametrize("mode", ["cancel_newest", "cancel_oldest", "cancel_both", "decrement"])
def test_a_self_trade_is_prevented(mode):
    assert says(OWN, self_trade=mode) == ""
    assert says(OWN, at(5, kind=EventKind.TRADE, maker=1, reason=0), self_trade=mode) == "self_trade 3"
    assert says(OWN, at(5, qty=1), self_trade=mode) == "wrong_qty 3"
    assert says(OWN, at(5, reason=Reason.USER), self_trade=mode) == "wrong_reason 3"


@pytest.mark.parametrize(
    ("mode", "change", "said"),
    [
        ("none", at(5, kind=EventKind.CANCELED, reason=Reason.SELF_TRADE), "stopped_early 3"),
        ("cancel_both", lacks(6), "left_unfinished 3"),
        ("cancel_both", swapped(5), "wrong_order 3"),
        ("decrement", lacks(6), "self_trade 3"),
        ("decrement", at(6, qty=4), "wrong_qty 3"),
        ("cancel_oldest", lacks(6), "stopped_early 3"),
    ],
)
def test_what_each_mode_takes(mode, change, said):
    assert says(OWN, change, self_trade=mode) == said


def test_account_0_has_no_own_orders():
    lines = OWN.replace("#1", "#1 a0").replace("#3", "#3 a0")
    assert says(lines, self_trade="cancel_both") == ""
    assert says(lines, at(5, kind=EventKind.CANCELED), self_trade="cancel_both") == "stopped_early 3"


KILLED = "S 102x9 #1; S 100x5 #2; S 101x5 #3; B 101x11 #4 fok a2; B 101x10 #5 fok a2"
LEAST = "S 102x9 #1; S 100x5 #2; S 101x5 #3; B 101x20 #4 min11 a2; B 101x20 #5 min10 a2"


@pytest.mark.parametrize("lines", [KILLED, LEAST])
def test_what_cannot_be_filled_goes_whole_and_what_can_does_not(lines):
    assert says(lines) == ""
    assert says(lines, at(7, kind=EventKind.TRADE, maker=2)) == "traded_too_far 4"
    assert says(lines, at(9, kind=EventKind.CANCELED)) == "stopped_early 5"


@pytest.mark.parametrize(
    ("mode", "killed"), [("none", 0), ("cancel_oldest", 0), ("cancel_newest", 1), ("cancel_both", 1), ("decrement", 1)]
)
def test_own_orders_end_the_count_or_are_passed_over(mode, killed):
    """With its own order between them, 6 can be traded beyond it, and 3 before."""
    lines = "S 100x3 #1 a2; S 100x5 #2; S 101x6 #3 a2; B 101x9 #4 fok"
    assert says(lines, self_trade=mode) == ""
    change = at(7, kind=EventKind.TRADE, maker=1) if killed else at(7, kind=EventKind.CANCELED)
    assert says(lines, change, self_trade=mode) == ("traded_too_far 4" if killed else "stopped_early 4")


def test_the_count_goes_from_the_best_level_on_though_the_heap_is_no_list():
    prices = (107, 103, 109, 101, 105, 102, 108, 104, 106)
    lines = "; ".join(f"S {price}x1 #{price}" for price in prices)
    for deep in range(1, 10):
        assert says(f"{lines}; B {100 + deep}x{deep} #1 fok; B 109x{9 - deep + 1} #2 fok a2") == ""


def test_quantities_whose_sum_does_not_fit_a_word():
    most = 2**63 - 1
    wide = (Instrument(id=1, symbol="WIDE", qty_max=most),)
    asks = f"S 100x{most - 1} #1; S 101x{most} #2"
    assert says(f"{asks}; B 101x{most} #3 fok a2", instruments=wide) == ""
    assert says(f"{asks}; B 100x{most} #3 fok a2", instruments=wide) == ""
