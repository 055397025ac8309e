"""Each way to answer a command other than once is told, over any cut of the history into segments."""

from __future__ import annotations

from typing import Any

import pytest

from harness.base.controls import NO_CONTROLS
from harness.base.reasons import Reason
from harness.base.records import Command, CommandKind, Event, EventKind
from harness.checks.answered_once import CHECK
from tests.fakes.history import (
    BUY,
    IOC,
    SELL,
    accepted,
    cancel,
    canceled,
    folded,
    info,
    mass_cancel,
    new,
    numbered,
    rejected,
    replace,
    rested,
    segments,
    stop,
    trade,
    triggered,
)
from tests.fakes.told import Told, breaker_says

COMMANDS = numbered([
    new(1, SELL, 100, 5), new(2, BUY, 100, 9, IOC), new(3, BUY, 90, 5), replace(3, 4, 91, 5), cancel(4), cancel(4), mass_cancel(),
])  # fmt: skip
SELL_1, IOC_2, BUY_3, REPLACE_3, CANCEL_4, CANCEL_AGAIN, MASS = COMMANDS
REPLACED = Event(
    command=4, kind=int(EventKind.REPLACED), order=3, new_order=4, price=91, qty=5, remaining=5, instrument=1
)
DONE = Event(command=7, kind=int(EventKind.DONE), qty=0)
EVENTS = [
    accepted(SELL_1), rested(SELL_1, 5),
    accepted(IOC_2), trade(IOC_2, 1, 100, 5, 4), canceled(IOC_2, 2, 4, 0, Reason.IOC_REMAINDER),
    accepted(BUY_3), rested(BUY_3, 5), REPLACED, canceled(CANCEL_4, 4, 5, 0, Reason.USER),
    rejected(CANCEL_AGAIN, Reason.UNKNOWN_ORDER), DONE,
]  # fmt: skip


def found(events: list[Event], size: int = 100, late: int = 0, commands: list[Command] = COMMANDS, **run: Any):
    return folded(CHECK.start(info(**run)), segments(commands, events, size, late))


@pytest.mark.parametrize("size", [1, 2, 3, 100])
@pytest.mark.parametrize("late", [0, 2])
def test_a_right_history_gives_no_finding(size, late):
    facts = found(EVENTS, size, late)
    assert facts.findings == ()
    assert facts.seen == len(COMMANDS)


def test_events_without_numbers_are_matched_by_order():
    nameless = [event._replace(command=0) for event in EVENTS]
    assert found(nameless).findings == ()


def test_without_numbers_an_answer_too_many_answers_nothing():
    nameless = [event._replace(command=0) for event in [*EVENTS, accepted(SELL_1)]]
    (finding,) = found(nameless).findings
    assert (finding.kind, finding.orders) == ("unasked", (1,))


@pytest.mark.parametrize("size", [1, 100])
def test_a_second_answer_is_told_wherever_it_comes(size):
    (finding,) = found([*EVENTS, accepted(BUY_3)], size).findings
    assert (finding.kind, finding.first_command, finding.severity) == ("twice", 3, "critical")
    assert finding.got == "a second answer, `accepted` of order 3"


@pytest.mark.parametrize("size", [1, 100])
def test_an_order_both_taken_and_refused_is_answered_twice(size):
    (finding,) = found([*EVENTS[:1], rejected(SELL_1, Reason.SYSTEM), *EVENTS[1:]], size).findings
    assert (finding.kind, finding.first_command) == ("twice", 1)


def test_a_cancel_carried_out_twice_is_told():
    (finding,) = found([*EVENTS, canceled(CANCEL_4, 4, 5, 0, Reason.USER)], 1).findings
    assert (finding.kind, finding.first_command) == ("twice", 5)


def test_what_a_cancel_sets_off_is_no_second_answer():
    """The cancel takes the best offer away, so the stop triggers within it, finds no one and goes."""
    commands = numbered([new(1, SELL, 100, 5), stop(2, BUY, 110, 5), cancel(1)])
    offer, waiting, gone = commands
    went = canceled(waiting, 2, 5, 0, Reason.MARKET_REMAINDER)._replace(command=3)
    events = [
        accepted(offer), rested(offer, 5), accepted(waiting), canceled(gone, 1, 5, 0, Reason.USER),
        triggered(waiting, 5, cause=gone), went,
    ]  # fmt: skip
    assert found(events, commands=commands).findings == ()
    assert found([event._replace(reason=0) for event in events], commands=commands).findings == ()
    (finding,) = found([*events[:3], *events[4:]], commands=commands).findings
    assert (finding.kind, finding.first_command) == ("unanswered", 3)


def test_silence_is_a_finding_that_names_the_command():
    (finding,) = found(EVENTS[:-2]).findings
    assert (finding.kind, finding.first_command, finding.count) == ("unanswered", 6, 2)
    assert finding.expected == "an answer to command 6, a cancel"


@pytest.mark.parametrize("run", [{"failure": "killed"}, {"interrupted": True}])
def test_what_was_open_when_the_run_was_cut_short_is_an_unknown_outcome(run):
    facts = found(EVENTS[:-2], **run)
    assert facts.findings == ()
    assert facts.told == {"unknown outcomes": "2 commands were open when the run was cut short"}


def test_an_answer_to_nothing_is_told():
    (finding,) = found([*EVENTS, accepted(SELL_1)._replace(command=900)]).findings
    assert (finding.kind, finding.first_command) == ("unasked", 900)


def test_an_answer_of_another_kind_leaves_the_command_open():
    wrong = [*EVENTS[:-2], accepted(CANCEL_AGAIN), EVENTS[-1]]
    kinds = [finding.kind for finding in found(wrong).findings]
    assert kinds == ["wrong_answer", "unanswered"]


def test_asking_for_facts_twice_gives_the_same():
    fold = CHECK.start(info())
    folded(fold, segments(COMMANDS, EVENTS[:-2]))
    assert fold.facts() == fold.facts()


def test_a_halt_answers_the_operator_whom_it_names_and_a_breakers_is_an_effect():
    halt = Told().halts()
    assert halt.found(CHECK, NO_CONTROLS) == []
    by_breaker = Told().takes(new(1, BUY, 100, 1)).adds(breaker_says(EventKind.HALTED), breaker_says(EventKind.RESUMED))
    assert by_breaker.found(CHECK, NO_CONTROLS) == []
    assert by_breaker.adds(halt.events[0]).found(CHECK, NO_CONTROLS) == [("wrong_answer", 1)]


@pytest.mark.parametrize("kind", [CommandKind.ENABLE, CommandKind.LIMIT, CommandKind.TICK])
def test_what_operators_ask_is_answered_by_done(kind):
    told = Told().asks(kind)
    assert told.found(CHECK, NO_CONTROLS) == []
    told.events.clear()
    assert told.found(CHECK, NO_CONTROLS) == [("unanswered", 1)]
