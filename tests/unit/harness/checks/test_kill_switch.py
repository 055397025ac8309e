"""The check `kill_switch` tells what a kill left, what it took beside its scope, and what came in before somebody enabled it."""

import pytest
from msgspec.structs import replace as changed

from harness.base.controls import AccountControls
from harness.base.reasons import Reason
from harness.base.records import CommandKind, EventKind
from harness.checks.kill_switch import CHECK
from tests.fakes.history import BUY, SELL, cancel, new, replace, stop
from tests.fakes.told import SERVICE, Told, held, killed

KILL, ENABLE = CommandKind.KILL_ACCOUNT, CommandKind.ENABLE
CONTROLS = held(
    AccountControls(account=1, firm=1), AccountControls(account=2, firm=1), AccountControls(account=3, firm=2)
)
SCOPES = {"account": {"account": 1}, "firm": {"target": 1}, "instrument": {"instrument": 1}}


def full():
    """Orders 1 to 5: of account 1 on both instruments, of account 2 and 3, and a stop that waits."""
    told = Told().takes(new(1, BUY, 100, 5)).takes(new(2, BUY, 100, 5, instrument=2))
    told.takes(new(3, BUY, 100, 5, account=2)).takes(new(4, BUY, 100, 5, account=3))
    return told.takes(stop(5, SELL, 50, 5, account=1))


TAKEN = {
    "account": [killed(1, 5), killed(2, 5, 2), killed(5, 5)],
    "firm": [killed(1, 5), killed(2, 5, 2), killed(3, 5), killed(5, 5)],
    "instrument": [killed(1, 5), killed(3, 5), killed(4, 5), killed(5, 5)],
}


@pytest.mark.parametrize("scope", SCOPES)
def test_a_kill_that_takes_all_of_its_scope_is_right(scope):
    told = full().asks(KILL, *TAKEN[scope], **SCOPES[scope]).refuses(new(9, BUY, 100, 1), Reason.RISK_DISABLED)
    facts = told.facts(CHECK, CONTROLS)
    assert facts.findings == ()
    assert facts.marks == {"killed": 1, "canceled by a kill": len(TAKEN[scope]), "held back": 1}
    assert facts.seen == 2


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("left", [0, -1])
def test_an_order_that_is_still_live_is_told(scope, left):
    gone = [event for event in TAKEN[scope] if event is not TAKEN[scope][left]]
    (found,) = full().asks(KILL, *gone, **SCOPES[scope]).facts(CHECK, CONTROLS).findings
    assert (found.kind, found.first_command, found.orders) == ("left_alive", 6, (TAKEN[scope][left].order,))
    assert found.got == "1 of them are live"


def test_an_order_that_lost_a_part_only_is_told():
    part = killed(1, 4)._replace(remaining=1)
    assert full().asks(KILL, part, *TAKEN["account"][1:], account=1).found(CHECK, CONTROLS) == [("left_alive", 6)]


def test_what_it_takes_beside_its_scope_is_told():
    told = full().asks(KILL, *TAKEN["account"], killed(3, 5), account=1)
    assert told.found(CHECK, CONTROLS) == [("killed_beside", 6)]


def test_orders_that_go_so_without_a_kill_are_told():
    told = full().cancels(cancel(1), 5).adds(killed(2, 5, 2))
    assert told.found(CHECK, CONTROLS) == [("killed_without_kill", 6)]


def test_it_must_count_what_it_took():
    told = full().asks(KILL, *TAKEN["account"], account=1)
    told.events[-1] = told.events[-1]._replace(qty=2)
    assert told.found(CHECK, CONTROLS) == [("count", 6)]


def test_each_kill_counts_for_itself():
    told = full().asks(KILL, *TAKEN["account"], account=1).asks(KILL, account=1).asks(KILL, killed(3, 5), account=2)
    assert told.found(CHECK, CONTROLS) == []


COMING = {
    "account": (new(9, BUY, 100, 1, account=1, instrument=2), new(9, BUY, 100, 1, account=2)),
    "firm": (new(9, BUY, 100, 1, account=2, session=4), new(9, BUY, 100, 1, account=3)),
    "instrument": (new(9, BUY, 100, 1, account=3), new(9, BUY, 100, 1, account=3, instrument=2)),
}


@pytest.mark.parametrize("scope", SCOPES)
def test_what_comes_in_after_it_is_told_and_who_is_not_meant_is_not(scope):
    meant, other = COMING[scope]
    told = full().asks(KILL, *TAKEN[scope], **SCOPES[scope]).takes(other)
    assert told.found(CHECK, CONTROLS) == []
    for _ in range(2):
        told.refuses(meant, Reason.RISK_DISABLED)
    (found,) = told.takes(meant).facts(CHECK, CONTROLS).findings
    assert (found.kind, found.first_command, found.orders) == ("came_in", 10, (9,))
    assert found.expected.endswith("was killed")


def test_a_replace_comes_in_too():
    told = full().asks(KILL, *TAKEN["account"][1:], account=1).takes(replace(1, 9, 99, 5))
    assert told.found(CHECK, CONTROLS) == [("left_alive", 6), ("came_in", 7)]


@pytest.mark.parametrize("scope", SCOPES)
def test_it_ends_by_an_enable_of_that_scope_alone(scope):
    meant, _ = COMING[scope]
    for name, given in SCOPES.items():
        told = full().asks(KILL, *TAKEN[scope], **SCOPES[scope]).asks(ENABLE, **given).takes(meant)
        assert told.found(CHECK, CONTROLS) == [("came_in", 8)] * (name != scope)


def test_an_enable_that_was_refused_takes_nothing_back():
    told = full().asks(KILL, *TAKEN["account"], account=1).asks(ENABLE, account=1)
    told.events[-1] = told.events[-1]._replace(kind=EventKind.REJECTED, reason=Reason.INVALID_ORDER_ID)
    assert told.takes(new(9, BUY, 100, 1)).found(CHECK, CONTROLS) == [("came_in", 8)]


def test_a_kill_that_was_refused_kills_nobody():
    told = full().asks(KILL, account=1)
    told.events[-1] = told.events[-1]._replace(kind=EventKind.REJECTED, reason=Reason.UNSUPPORTED)
    assert told.takes(new(9, BUY, 100, 1)).found(CHECK, CONTROLS) == []


def test_an_engine_without_kills_is_not_held_to_them():
    told = full().asks(KILL, account=1)
    assert told.found(CHECK, CONTROLS, capabilities=changed(SERVICE, controls=())) == []


def test_a_kill_of_one_that_is_not_declared_counts_where_nobody_is():
    told = Told().takes(new(1, BUY, 100, 5)).asks(KILL, account=1)
    assert told.found(CHECK, held()) == [("left_alive", 2)]
