"""Limits that operators set: from the next command on, also back to none, and never beyond the room that there is."""

import pytest

from engines.service.risk.layout import Room
from harness.base.controls import InstrumentControls, LimitCode, Rate
from tests.fakes.guarded_session import account
from tests.fakes.risk_session import held_to


@pytest.mark.parametrize(
    ("code", "qty", "scope", "line", "reason"),
    [
        (LimitCode.LONG_MAX, 4, {"account": 1}, "B 100x5 #9", "risk position"),
        (LimitCode.LONG_MAX, 4, {"target": 1}, "B 100x5 #9", "risk position"),
        (LimitCode.SHORT_MAX, 4, {"account": 1}, "S 100x5 #9", "risk position"),
        (LimitCode.EXPOSURE_MAX, 499, {"account": 1}, "S 100x5 #9", "risk exposure"),
        (LimitCode.EXPOSURE_MAX, 499, {"target": 1}, "S 100x5 #9", "risk exposure"),
        (LimitCode.STATIC_TICKS, 3, {"instrument": 1}, "S 500x5 #9", ""),
    ],
)
def test_it_holds_from_the_next_command_on_until_it_is_none_again(code, qty, scope, line, reason):
    stage = held_to(account())
    assert stage.told("limit", type=code, qty=qty, **scope) == "done, 0 orders"
    assert stage.refusal(line) == reason
    assert stage.refusal(line.replace("#9", "#8 a8")) == ""
    stage.asks("limit", type=code, qty=qty + 1, **scope)
    assert stage.refusal(line.replace("#9", "#10")) == ""
    stage.asks("limit", type=code, qty=qty, **scope)
    assert stage.refusal(line.replace("#9", "#11")) == reason
    stage.asks("limit", type=code, qty=0, **scope)
    assert stage.refusal(line.replace("#9", "#12")) == ""


def test_a_lower_limit_cancels_nothing_and_refuses_what_would_add():
    stage = held_to(account(long_max=10))
    stage.says("B 100x10 #1")
    assert stage.told("limit", account=1, type=LimitCode.LONG_MAX, qty=5) == "done, 0 orders"
    assert stage.book() == "B100 #1x10"
    assert stage.refusal("B 100x1 #2") == stage.refusal("replace #1 #1 100x6") == "risk position"
    assert stage.refusal("replace #1 #1 100x5") == ""


def test_a_loss():
    stage = held_to(account())
    stage.says("S 100x1 #1 a8; B 100x1 #2; S 90x1 #3 a8; B 90x1 #4 a9")
    stage.asks("limit", account=1, type=LimitCode.LOSS_MAX, qty=11)
    assert stage.refusal("B 1x1 #5") == ""
    stage.asks("limit", account=1, type=LimitCode.LOSS_MAX, qty=10)
    assert stage.refusal("B 1x1 #6") == "risk loss"


def test_a_rate_that_was_none_counts_from_where_it_is_set_and_one_set_to_none_forgets():
    stage = held_to(account(), account(2, firm=1))
    stage.says("B 1x1 #1; B 1x1 #2")
    stage.asks("limit", target=1, type=LimitCode.MESSAGES, qty=2)
    assert stage.refusal("B 1x1 #3; B 1x1 #4 a2") == ""
    assert stage.refusal("B 1x1 #5") == "risk rate"
    stage.asks("limit", target=1, type=LimitCode.MESSAGES, qty=0)
    stage.asks("limit", target=1, type=LimitCode.MESSAGES, qty=1)
    assert stage.refusal("B 1x1 #5") == ""
    assert stage.refusal("B 1x1 #6") == "risk rate"


@pytest.mark.parametrize("code", [LimitCode.MESSAGES, LimitCode.DUPLICATES, LimitCode.REPEATS])
def test_a_rate_beyond_what_is_remembered_is_refused(code):
    stage = held_to(account(), room=Room(messages=64, repeats=64, duplicates=64))
    assert stage.denial("limit", account=1, type=code, qty=64) == ""
    assert stage.denial("limit", account=1, type=code, qty=65) == "exhausted"


def test_the_room_for_a_declared_rate_is_made():
    stage = held_to(account(messages=Rate(most=300)), room=Room(messages=1))
    assert stage.denial("limit", account=1, type=LimitCode.MESSAGES, qty=512) == ""
    assert stage.denial("limit", account=1, type=LimitCode.MESSAGES, qty=513) == "exhausted"


def test_the_limits_of_an_instrument():
    stage = held_to(account(), InstrumentControls(instrument=1, static_price=100))
    stage.asks("limit", instrument=1, type=LimitCode.STATIC_TICKS, qty=3)
    assert stage.refusal("S 104x5 #1") == "risk price collar"
    assert stage.refusal("S 103x5 #1") == ""
    stage.asks("limit", instrument=1, type=LimitCode.VOLUME_MAX, qty=3)
    assert "halted" not in stage.says("B 103x3 #2 a8")
    assert stage.says("B 103x1 #3 a8").endswith("halted")
