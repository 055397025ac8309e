"""What operators are refused for, and what their commands change."""

import pytest

from harness.base.controls import AccountControls, Controls, LimitCode
from harness.base.reasons import Reason
from harness.base.records import CommandKind, EventKind
from harness.oracle.exposure.holders import Holders
from harness.oracle.exposure.operators import Operators, Scope, scopes
from tests.fakes.history import BUY, new
from tests.fakes.told import BOUNDS, Told, asked, breaker_says, held

CONTROLS = held(AccountControls(account=1, firm=1))
KILL, ENABLE, HALT = CommandKind.KILL_ACCOUNT, CommandKind.ENABLE, CommandKind.HALT


def limit(code, qty, **scope):
    return asked(CommandKind.LIMIT, type=int(code), qty=qty, **scope)


REFUSED = {
    "a kill": (asked(KILL, account=1), []),
    "of a firm": (asked(KILL, target=1), []),
    "of an instrument": (asked(ENABLE, instrument=2), []),
    "a halt": (asked(HALT, instrument=1), []),
    "a tick": (asked(CommandKind.TICK, order=0), []),
    "a limit": (limit(LimitCode.LOSS_MAX, 0, account=1), []),
    "from a trading session": (asked(KILL, account=1, session=1), [Reason.UNSUPPORTED]),
    "a tick from a trading session": (asked(CommandKind.TICK, session=1), [Reason.UNSUPPORTED]),
    "without a person": (asked(HALT, instrument=1, order=0), [Reason.INVALID_ORDER_ID]),
    "no scope": (asked(KILL), [Reason.INVALID_TERMS]),
    "two scopes": (asked(ENABLE, account=1, target=1), [Reason.INVALID_TERMS]),
    "unknown account": (asked(KILL, account=7), [Reason.UNKNOWN_ACCOUNT]),
    "unknown firm": (asked(KILL, target=7), [Reason.UNKNOWN_ACCOUNT]),
    "unknown instrument": (asked(KILL, instrument=7), [Reason.UNKNOWN_INSTRUMENT]),
    "halt of nothing": (asked(HALT), [Reason.UNKNOWN_INSTRUMENT]),
    "another scope's limit": (limit(LimitCode.LOSS_MAX, 1, target=1), [Reason.UNSUPPORTED]),
    "no limit at all": (limit(99, 1, account=1), [Reason.UNSUPPORTED]),
    "below 0": (limit(LimitCode.BREAKER_TICKS, -1, instrument=1), [Reason.INVALID_QUANTITY]),
    "all at once": (
        asked(KILL, account=7, session=1, order=0), [Reason.UNSUPPORTED, Reason.INVALID_ORDER_ID, Reason.UNKNOWN_ACCOUNT],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_an_operator_is_refused_for(case):
    command, wanted = REFUSED[case]
    assert [*Operators(Holders(BOUNDS, CONTROLS)).refusals(command)] == wanted


def test_where_no_account_is_declared_any_may_be_killed_but_has_no_limit():
    operators = Operators(Holders(BOUNDS, Controls()))
    assert [*operators.refusals(asked(KILL, account=7))] == []
    assert [*operators.refusals(limit(LimitCode.LONG_MAX, 1, account=7))] == [Reason.UNKNOWN_ACCOUNT]


def followed(told):
    holders = Holders(BOUNDS, CONTROLS)
    operators = Operators(holders)
    commands = {command.number: command for command in told.commands}
    for event in told.events:
        operators.follow(commands[event.command], event)
    return operators, holders


def test_scopes_are_what_a_command_names():
    assert scopes(asked(KILL, account=1, target=2, instrument=3)) == (
        Scope("account", 1), Scope("firm", 2), Scope("instrument", 3),
    )  # fmt: skip
    assert str(Scope("firm", 2)) == "firm 2"


def test_a_kill_stands_until_its_own_scope_is_enabled():
    told = Told().asks(KILL, account=1).asks(KILL, target=1).asks(ENABLE, account=1)
    operators, _ = followed(told)
    assert operators.killed == {Scope("firm", 1)}
    assert [*operators.shut_out(new(1, BUY, 100, 1))] == [("kill", "firm 1 was killed")]
    assert [*operators.shut_out(new(1, BUY, 100, 1, account=8))] == []


def test_an_account_that_was_disabled_is_enabled_by_name():
    operators, _ = followed(Told())
    operators.disabled.add(1)
    assert [control for control, _ in operators.shut_out(new(1, BUY, 100, 1))] == ["repeats"]
    told = Told().asks(ENABLE, account=1)
    operators.follow(told.commands[0], told.events[0])
    assert operators.disabled == set()


def test_halts_are_those_that_were_told_by_whomever():
    told = Told().halts(1).halts(2).halts(1, resumes=True).adds(breaker_says(EventKind.HALTED))
    assert followed(told)[0].halted == {1, 2}


def test_a_limit_is_set_once_it_is_done():
    told = Told().asks(CommandKind.LIMIT, account=1, type=int(LimitCode.LOSS_MAX), qty=5)
    told.asks(CommandKind.LIMIT, target=1, type=int(LimitCode.LONG_MAX), qty=6)
    told.asks(CommandKind.LIMIT, instrument=2, type=int(LimitCode.VOLUME_MAX), qty=7)
    told.refuses(limit(LimitCode.LOSS_MAX, 9, account=1), Reason.INVALID_QUANTITY)
    _, holders = followed(told)
    assert holders.accounts[1].limit(LimitCode.LOSS_MAX) == 5
    assert holders.firms[1].limit(LimitCode.LONG_MAX) == 6
    assert holders.instruments[2].limit(LimitCode.VOLUME_MAX) == 7


def test_a_limit_that_was_done_for_nobody_changes_nothing():
    told = Told().asks(CommandKind.LIMIT, account=7, type=int(LimitCode.LOSS_MAX), qty=5)
    told.asks(CommandKind.LIMIT, target=1, type=int(LimitCode.LOSS_MAX), qty=5)
    _, holders = followed(told)
    assert holders.firms[1].limit(LimitCode.LOSS_MAX) == 0
