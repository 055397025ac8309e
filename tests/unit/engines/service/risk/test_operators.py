"""Kill, enable, halt, resume and tick: who may ask, what is answered, and what holds after."""

import pytest

from engines.service.risk.layout import Room
from harness.base.controls import Controls, LimitCode, Rate
from harness.base.records import EventKind
from tests.fakes.guarded_session import account
from tests.fakes.risk_session import RiskSession, held_to

DISABLED = "risk disabled"


@pytest.mark.parametrize(
    ("word", "fields", "reason"),
    [
        ("kill_account", {"account": 1}, ""),
        ("kill_account", {"account": 1, "session": 3}, "unsupported"),
        ("kill_account", {"account": 1, "order": 0}, "invalid order id"),
        ("kill_account", {"account": 1, "instrument": 1}, "invalid terms"),
        ("kill_account", {}, "invalid terms"),
        ("kill_account", {"account": 5}, "unknown account"),
        ("kill_account", {"target": 9}, ""),
        ("kill_account", {"target": 4}, "unknown account"),
        ("kill_account", {"instrument": 3}, "unknown instrument"),
        ("enable", {"instrument": 2}, ""),
        ("halt", {"instrument": 2}, ""),
        ("halt", {"instrument": 3}, "unknown instrument"),
        ("resume", {}, "unknown instrument"),
        ("tick", {"order": 0}, ""),
        ("tick", {"session": 1}, "unsupported"),
        ("limit", {"account": 1, "type": LimitCode.LOSS_MAX, "qty": 5}, ""),
        ("limit", {"account": 1, "type": LimitCode.STATIC_TICKS, "qty": 5}, "unsupported"),
        ("limit", {"target": 9, "type": LimitCode.LOSS_MAX, "qty": 5}, "unsupported"),
        ("limit", {"instrument": 1, "type": LimitCode.VOLUME_MAX, "qty": -1}, "invalid quantity"),
        ("limit", {"instrument": 1, "type": 77, "qty": 1}, "unsupported"),
        ("phase", {}, "unsupported"),
    ],
)
def test_who_may_ask_for_what(word, fields, reason):
    stage = held_to(account())
    assert stage.denial(word, **fields) == reason


@pytest.mark.parametrize(
    ("scope", "out", "free"),
    [
        ({"account": 1}, ["B 1x1 #9", "B 1x1 #9 i2", "replace #8 #8 1x1"], ["B 1x1 #9 a2"]),
        ({"target": 1}, ["B 1x1 #9", "B 1x1 #9 a2 i2"], ["B 1x1 #9 a8"]),
        ({"instrument": 2}, ["B 1x1 #9 i2", "B 1x1 #9 a8 i2"], ["B 1x1 #9"]),
    ],
)
def test_a_kill_holds_until_exactly_its_scope_is_enabled(scope, out, free):
    stage = held_to(account(), account(2))
    stage.asks("kill_account", **scope)
    stage.asks("kill_account", **scope)
    others = [other for other in ({"account": 1}, {"target": 1}, {"instrument": 2}) if other != scope]
    for other in others:
        stage.asks("enable", **other)
    stage.clock.time_ns = 2**62
    assert stage.counters["shut"] == 1
    assert {stage.refusal(line) for line in out} == {DISABLED}
    assert {stage.refusal(line) for line in free} == {""}
    assert stage.told("enable", **scope) == "done, 0 orders"
    assert DISABLED not in {stage.refusal(line) for line in out}
    assert stage.counters["shut"] == 0


def test_an_operators_halt_has_no_end_but_resume_and_takes_over_a_breakers():
    stage = held_to(account())
    (halted,) = stage.asks("halt", instrument=1)
    assert (halted.kind, halted.order, halted.instrument, halted.account) == (EventKind.HALTED, 77, 1, 0)
    stage.says("B 1x1 #1 i2")
    stage.clock.time_ns = 2**62
    assert stage.refusal("B 1x1 #9") == "halted"
    assert stage.refusal("cancel #9") == "unknown order"
    assert stage.told("resume", instrument=1) == stage.told("resume", instrument=1) == "resumed #77"
    assert stage.refusal("B 1x1 #9") == ""


def test_who_repeats_himself_is_disabled_after_the_command_until_he_is_enabled():
    stage = held_to(account(repeats=Rate(most=3, window_ns=100)))
    stage.says("S 100x9 #1 a8; B 90x9 #2 a8")
    assert stage.refusal("B 100x1 #3; B 100x1 #4; S 90x1 #5; S 90x1 #6") == ""
    stage.clock.time_ns = 99
    assert stage.says("B 100x1 #7") == "accepted #7, 100 x 1; trade #7 with #1 at 100 x 1, 0 left"
    assert stage.refusal("B 100x1 #8") == DISABLED
    stage.clock.time_ns = 1_000
    assert stage.refusal("S 90x1 #8") == DISABLED
    stage.asks("enable", account=1)
    assert stage.refusal("S 90x1 #8; S 90x1 #9") == ""
    assert stage.refusal("S 90x1 #10; S 90x1 #11") == DISABLED


def test_an_enable_begins_the_count_anew_on_both_sides_and_so_does_a_limit_of_none():
    stage = held_to(account(repeats=Rate(most=2)))
    stage.says("S 100x9 #1 a8; B 90x9 #2 a8")
    for forget in (
        lambda: stage.asks("enable", account=1),
        lambda: [stage.asks("limit", account=1, type=LimitCode.REPEATS, qty=qty) for qty in (0, 2)],
    ):
        stage.says("B 100x1 #3; S 90x1 #4")
        forget()
        assert stage.refusal("B 100x1 #5; S 90x1 #6; B 1x1 #7; cancel #7") == ""
        assert stage.refusal("S 90x1 #8; B 1x1 #9") == DISABLED
        assert stage.counters["shut"] == 1
        stage.asks("enable", account=1)


def test_orders_that_rest_do_not_repeat():
    stage = held_to(account(repeats=Rate(most=1)))
    assert stage.refusal("B 100x5 #1; S 100x1 #2 a8; S 100x1 #3 a8; B 99x1 #4") == ""


def test_where_none_is_declared_any_account_may_be_killed():
    stage = RiskSession(Controls())
    stage.says("B 100x5 #1 a4000000000; B 100x5 #2 a5")
    assert stage.told("kill_account", account=4_000_000_000) == "canceled 5 of #1 (killed), 0 left; done, 1 order"
    assert stage.refusal("B 1x1 #3 a4000000000") == DISABLED
    assert stage.refusal("B 1x1 #3 a5") == ""
    stage.asks("enable", account=4_000_000_000)
    stage.asks("kill_account", account=5)
    assert stage.refusal("B 1x1 #4 a4000000000; S 1x1 #5 a4000000000; B 1x1 #6 a6") == ""


def test_there_is_room_for_so_many_of_them():
    stage = RiskSession(Controls(), Room(strangers=2))
    assert [stage.denial("kill_account", account=number) for number in (7, 8, 7, 9)] == ["", "", "", "exhausted"]
    assert stage.refusal("B 1x1 #3 a9") == ""
