"""The way in: reasons of every kind of command, and what a breaker says beside."""

from harness.base.capabilities import Conventions
from harness.base.controls import AccountControls, Rate
from harness.base.reasons import Reason
from harness.base.records import NONE, CommandKind, Event, EventKind
from harness.oracle.exposure.following import Exposure, by_breaker
from tests.fakes.history import BUY, cancel, mass_cancel, new, replace
from tests.fakes.told import BOUNDS, PERSON, SERVICE, Told, asked, breaker_says, held

ONE = held(AccountControls(account=1, firm=1, long_max=4, messages=Rate(most=2, window_ns=10)))


def exposure(told, controls=ONE, capabilities=SERVICE):
    made = Exposure(BOUNDS, Conventions(), capabilities, controls)
    commands = {command.number: command for command in told.commands}
    for event in told.events:
        made.turn_to(event)
        made.follow(commands[event.command], event)
    return made


def test_reasons_are_those_of_controls_or_of_operators():
    made = exposure(Told())
    assert made.reasons(new(1, BUY, 100, 5)) == (Reason.RISK_POSITION,)
    assert made.reasons(asked(CommandKind.KILL_ACCOUNT)) == (Reason.INVALID_TERMS,)


def test_cancels_are_never_held_back():
    made = exposure(Told().asks(CommandKind.KILL_ACCOUNT, account=1).halts())
    assert made.reasons(cancel(1)) == made.reasons(mass_cancel(1)) == ()
    assert made.reasons(replace(1, 2, 100, 1))[:2] == (Reason.RISK_DISABLED, Reason.HALTED)


def test_time_is_that_of_the_stamps_and_stands_where_there_is_none():
    made = exposure(Told().takes(new(1, BUY, 100, 1)).takes(new(2, BUY, 100, 1)))
    assert made.reasons(new(3, BUY, 100, 1)) == (Reason.RISK_RATE,)
    made.turn_to(Event(engine_ns=NONE))
    assert made.stamp_ns == 2
    made.turn_to(Event(engine_ns=11))
    assert made.reasons(new(3, BUY, 100, 1)) == ()


def test_a_message_counts_once_however_much_it_leads_to():
    told = Told().takes(new(1, BUY, 100, 1)).adds(breaker_says(EventKind.HALTED), breaker_says(EventKind.RESUMED))
    assert exposure(told).reasons(new(3, BUY, 100, 1)) == ()


def test_an_engine_that_leaves_a_control_out_is_not_held_to_it():
    few = type(SERVICE)(controls=("messages",))
    assert exposure(Told(), capabilities=few).reasons(new(1, BUY, 100, 5)) == ()
    halted = exposure(Told().halts(), capabilities=few)
    assert halted.reasons(new(1, BUY, 100, 5)) == (Reason.HALTED,)


def test_a_breakers_word_names_nobody():
    assert by_breaker(breaker_says(EventKind.HALTED))
    assert not by_breaker(breaker_says(EventKind.HALTED)._replace(order=PERSON))
    assert not by_breaker(Event(kind=EventKind.DONE))
