"""What operators ask: who may ask, what it does, and what stays until it is taken back."""

import pytest

from harness.base.controls import Controls, FirmControls, InstrumentControls, LimitCode, Rate
from harness.base.records import NONE, CommandKind, EventKind
from tests.fakes.guarded_session import PERSON, GuardedSession, account, open_to
from tests.fakes.lines import command

DISABLED, HALTED = "risk disabled", "halted"
OPERATORS = ("kill_account", "enable", "halt", "resume", "limit", "tick")
BOOK = "B 90x1 #1; B 91x2 #2 a2; S 99x3 #3 a3; B 92x4 #4 i2; S x5 #5 @80; S 98x6 #6 a2 i2"


@pytest.fixture
def stage():
    """Accounts 1 and 2 of firm 1, account 3 of firm 2, each with orders."""
    stage = open_to(account(1), account(2), account(3, firm=2), FirmControls(firm=4))
    stage.says(BOOK)
    return stage


@pytest.mark.parametrize(
    ("scope", "killed", "shut", "free"),
    [
        ({"account": 1}, [1, 4, 5], ["B 1x1 #9", "B 1x1 #9 i2", "replace #1 #1 2x1"], ["B 1x1 #9 a2", "S 200x1 #10 a3"]),
        ({"target": 1}, [1, 2, 4, 5, 6], ["B 1x1 #9", "B 1x1 #9 a2 i2"], ["B 1x1 #9 a3"]),
        ({"instrument": 1}, [1, 2, 3, 5], ["B 1x1 #9", "S 200x1 #9 a3"], ["B 1x1 #9 i2", "B 1x1 #10 i2 a3"]),
        ({"account": 8}, [], ["B 1x1 #9 a8"], ["B 1x1 #9 a9"]),
    ],
)  # fmt: skip
def test_kill_and_enable(stage, scope, killed, shut, free):
    rows = stage.asks("kill_account", **scope)
    assert [(row.kind, row.order) for row in rows] == [
        *((EventKind.CANCELED, order) for order in killed),
        (EventKind.DONE, PERSON),
    ]
    assert rows[-1].qty == len(killed)
    assert all(f"#{order}x" not in stage.book() for order in killed)
    assert [stage.refusal(line) for line in shut] == [DISABLED] * len(shut)
    assert [stage.refusal(line) for line in free] == [""] * len(free)
    stage.clock.time_ns = 10**12
    assert stage.refusal(shut[0], session=5) == DISABLED, "neither time nor another session takes it back"
    for other in ({"account": 2}, {"target": 2}, {"instrument": 2}):
        if other != scope:
            stage.asks("enable", **other)
    assert stage.refusal(shut[0]) == DISABLED
    assert stage.told("enable", **scope) == "done, 0 orders"
    assert stage.refusal(shut[0]) != DISABLED


def test_a_kill_frees_what_its_orders_held():
    stage = open_to(account(1, long_max=10, exposure_max=1_000))
    stage.says("B 100x4 #1; B x6 #2 @100")
    stage.asks("kill_account", account=1)
    stage.asks("enable", account=1)
    assert stage.refusal("B 100x10 #9") == ""


def test_two_kills_are_taken_back_one_by_one(stage):
    stage.asks("kill_account", account=1)
    stage.asks("kill_account", target=1)
    stage.asks("enable", account=1)
    assert stage.refusal("B 1x1 #9") == DISABLED
    stage.asks("enable", target=1)
    assert stage.refusal("B 1x1 #9") == ""


def test_the_killed_may_cancel_and_the_halted_too(stage):
    stage.asks("halt", instrument=2)
    assert stage.refusal("cancel #4 i2") == ""
    stage.asks("kill_account", account=2)
    assert stage.says("cancel #2 a2; mass_cancel a2") == "cancel rejected #2 (unknown order); done, 0 orders"


def test_what_a_kill_cancels_may_trigger_the_stops_of_others():
    stage = open_to()
    stage.engine.engine.conventions = type(stage.engine.engine.conventions)(stop_trigger="quote")
    stage.says("S 100x1 #1 a8; S 110x1 #2 a9; B x1 #3 a9 @105")
    assert [EventKind(row.kind).name for row in stage.asks("kill_account", account=8)] == [
        "CANCELED", "DONE", "TRIGGERED", "TRADE",
    ]  # fmt: skip
    assert stage.engine.accounts[9].holding(1).position == 0


def test_halt_and_resume(stage):
    assert stage.told("halt", instrument=1) == "halted #77"
    assert stage.told("halt", instrument=1) == "halted #77"
    assert [stage.refusal(line) for line in ("B 1x1 #9", "replace #1 #1 2x1")] == [HALTED] * 2
    assert stage.refusal("B 1x1 #9 i2") == ""
    before = stage.book()
    assert stage.told("resume", instrument=1) == "resumed #77"
    assert stage.told("resume", instrument=1) == "resumed #77"
    assert stage.book() == before
    assert stage.refusal("B 1x1 #10") == ""


@pytest.mark.parametrize(
    ("word", "fields", "reason"),
    [
        ("kill_account", {"account": 1, "session": 1}, "unsupported"),
        ("tick", {"session": 4}, "unsupported"),
        ("tick", {"order": 0}, ""),
        ("kill_account", {"account": 1, "order": 0}, "invalid order id"),
        ("halt", {"instrument": 1, "order": 0}, "invalid order id"),
        ("kill_account", {}, "invalid terms"),
        ("enable", {"account": 1, "instrument": 1}, "invalid terms"),
        ("limit", {"account": 1, "target": 1, "type": 1, "qty": 1}, "invalid terms"),
        ("kill_account", {"instrument": 3}, "unknown instrument"),
        ("halt", {}, "unknown instrument"),
        ("resume", {"instrument": 3}, "unknown instrument"),
        ("kill_account", {"account": 7}, "unknown account"),
        ("enable", {"target": 3}, "unknown account"),
        ("kill_account", {"target": 4}, "unknown account"),
        ("limit", {"account": 7, "type": 1, "qty": 1}, "unknown account"),
        ("limit", {"account": 1, "type": 0, "qty": 1}, "unsupported"),
        ("limit", {"account": 1, "type": 99, "qty": 1}, "unsupported"),
        ("limit", {"account": 1, "type": LimitCode.VOLUME_MAX, "qty": 1}, "unsupported"),
        ("limit", {"target": 1, "type": LimitCode.LOSS_MAX, "qty": 1}, "unsupported"),
        ("limit", {"instrument": 1, "type": LimitCode.LONG_MAX, "qty": 1}, "unsupported"),
        ("limit", {"account": 1, "type": 1, "qty": -1}, "invalid quantity"),
        ("limit", {"account": 1, "type": 1}, "invalid quantity"),
        ("limit", {"account": 1, "type": 1, "qty": 0}, ""),
        ("phase", {}, "unsupported"),
    ],
)
def test_who_may_ask_for_what(stage, word, fields, reason):
    before = stage.book()
    assert stage.denial(word, **fields) == reason
    assert stage.book() == before
    assert stage.refusal("B 1x1 #9") == "", "what was refused did nothing"


@pytest.mark.parametrize("word", OPERATORS)
def test_a_trading_session_may_ask_for_none_of_it(stage, word):
    (row,) = stage.rows(f"{word} a2 #1 #{PERSON}")
    assert (row.kind, row.order, stage.refusal("B 1x1 #9 a2")) == (EventKind.REJECTED, PERSON, "")
    assert command(word).kind == CommandKind[word.upper()]


@pytest.mark.parametrize(
    ("controls", "scope", "code", "to", "before", "line", "reason"),
    [
        ({"long_max": 5}, {"account": 1}, LimitCode.LONG_MAX, 6, "", "B 1x6 #9", ""),
        ({"long_max": 5}, {"account": 1}, LimitCode.LONG_MAX, 6, "", "B 1x7 #9", "risk position"),
        ({"long_max": 5}, {"account": 1}, LimitCode.LONG_MAX, 0, "", "B 1x100 #9", ""),
        ({"long_max": 5}, {"account": 1}, LimitCode.LONG_MAX, 2, "B 1x4 #1", "replace #1 #1 1x3", "risk position"),
        ({"long_max": 5}, {"account": 1}, LimitCode.LONG_MAX, 2, "B 1x4 #1", "replace #1 #1 1x2", ""),
        ({"long_max": 5}, {"account": 1}, LimitCode.LONG_MAX, 2, "B 1x4 #1", "S 9x9 #9", ""),
        ({}, {"account": 1}, LimitCode.SHORT_MAX, 3, "", "S 1x4 #9", "risk position"),
        ({}, {"account": 1}, LimitCode.EXPOSURE_MAX, 3, "B 1x2 #1", "S 2x1 #9", "risk exposure"),
        ({}, {"account": 1}, LimitCode.LOSS_MAX, 1, "S 2x1 #1 a8; B 2x1 #2; S 1x1 #3 a8; B 1x1 #4 a9", "S 2x1 #9", "risk loss"),
        ({}, {"target": 1}, LimitCode.LONG_MAX, 3, "B 1x2 #1", "B 1x2 #9", "risk position"),
        ({}, {"instrument": 1}, LimitCode.STATIC_TICKS, 3, "", "B 504x1 #9", "risk price collar"),
        ({}, {"instrument": 1}, LimitCode.STATIC_TICKS, 4, "", "B 504x1 #9", ""),
        ({}, {"account": 1}, LimitCode.MESSAGES, 2, "B 1x1 #1; B 1x1 #2", "B 1x1 #3; B 1x1 #4; B 1x1 #9", "risk rate"),
        ({}, {"account": 1}, LimitCode.MESSAGES, 2, "B 1x1 #1; B 1x1 #2", "B 1x1 #3; B 1x1 #9", ""),
        ({}, {"target": 1}, LimitCode.MESSAGES, 2, "B 1x1 #1", "B 1x1 #3; B 1x1 #4; B 1x1 #9", "risk rate"),
        ({}, {"account": 1}, LimitCode.DUPLICATES, 1, "B 1x1 #1", "B 1x1 #3; B 1x1 #9", "risk duplicate"),
        ({}, {"account": 1}, LimitCode.DUPLICATES, 1, "B 1x1 #1", "B 1x1 #9", ""),
        ({}, {"account": 1}, LimitCode.REPEATS, 1, "S 1x9 #1 a8; B 1x1 #2", "B 1x1 #9", ""),
        ({}, {"account": 1}, LimitCode.REPEATS, 1, "S 1x9 #1 a8; B 1x1 #2", "B 1x1 #3; B 1x1 #9", DISABLED),
        ({}, {"instrument": 1}, LimitCode.VOLUME_MAX, 1, "S 1x9 #1 a8; B 1x4 #2", "B 1x1 #3; B 1x1 #9", ""),
        ({}, {"instrument": 1}, LimitCode.VOLUME_MAX, 1, "S 1x9 #1 a8; B 1x4 #2", "B 1x2 #3; B 1x1 #9", HALTED),
        ({}, {"instrument": 1}, LimitCode.BREAKER_TICKS, 1, "", "S 3x1 #1 a8; S 1x1 #2 a8; B 3x2 #3 a9; B 1x1 #9", HALTED),
    ],
)  # fmt: skip
def test_a_limit_holds_from_the_next_command_on(controls, scope, code, to, before, line, reason):
    stage = open_to(account(1, **controls), InstrumentControls(instrument=1, static_price=500))
    assert not before or stage.says(before)
    assert stage.told("limit", type=code, qty=to, **scope) == "done, 0 orders"
    assert stage.refusal(line) == reason


def test_a_limit_that_is_taken_away_forgets_and_one_that_is_changed_does_not():
    stage = open_to(account(1, messages=Rate(most=2, window_ns=100)))
    stage.says("B 1x1 #1; B 1x1 #2")
    stage.asks("limit", account=1, type=LimitCode.MESSAGES, qty=3)
    assert stage.refusal("B 1x1 #3") == ""
    assert stage.refusal("B 1x1 #4") == "risk rate"
    stage.asks("limit", account=1, type=LimitCode.MESSAGES, qty=0)
    stage.asks("limit", account=1, type=LimitCode.MESSAGES, qty=1)
    assert stage.refusal("B 1x1 #4") == ""
    assert stage.refusal("B 1x1 #5") == "risk rate"


def test_answers_echo_what_was_asked(stage):
    (row,) = stage.asks("limit", account=1, type=LimitCode.LONG_MAX, qty=5)
    assert (row.kind, row.order, row.account, row.qty, row.price) == (EventKind.DONE, PERSON, 1, 0, NONE)
    (row,) = stage.asks("halt", instrument=2)
    assert (row.kind, row.order, row.instrument) == (EventKind.HALTED, PERSON, 2)


def test_where_no_account_is_declared_any_may_be_killed_and_none_has_a_limit():
    stage = GuardedSession(Controls())
    assert stage.denial("limit", account=1, type=LimitCode.LONG_MAX, qty=5) == "unknown account"
    assert stage.denial("limit", instrument=1, type=LimitCode.VOLUME_MAX, qty=5) == ""
    assert stage.denial("kill_account", target=1) == "unknown account"
    stage.says("B 1x1 #1 a5; B 1x1 #2 a6")
    assert stage.told("kill_account", account=5).endswith("done, 1 order")
    assert stage.refusal("B 1x1 #3 a5") == DISABLED
    assert stage.refusal("B 1x1 #3 a6") == ""
