"""Events find their commands by number, or by the order that they name."""

from __future__ import annotations

from functools import partial

import numpy as np

from harness.base.reasons import Reason
from harness.base.records import Channel, commands_of, events_of
from harness.checks import _answers
from harness.checks._answers import Waiting, numbers, whom
from harness.evidence.fold import Segment
from tests.fakes.history import BUY, IOC, accepted, cancel, canceled, mass_cancel, new, numbered, rejected, rested

COMMANDS = numbered([new(7, BUY, 100, 5), new(7, BUY, 101, 5), cancel(7), new(8, BUY, 100, 5, IOC), mass_cancel()])
FIRST, SECOND, CANCEL, IOC_8, MASS = COMMANDS


def found(events) -> list[int]:
    nameless = events_of([event._replace(command=0) for event in events])
    return numbers(nameless, partial(whom, commands_of(COMMANDS))).tolist()


def test_the_oldest_waiting_command_of_the_kind_is_answered():
    events = [accepted(FIRST), canceled(CANCEL, 7, 5, 0, Reason.USER), rejected(SECOND, Reason.DUPLICATE_ORDER_ID)]
    assert found(events) == [1, 3, 2]


def test_effects_and_answers_to_nothing_stay_without_a_number():
    remainder = canceled(IOC_8, 8, 5, 0, Reason.IOC_REMAINDER)
    assert found([accepted(IOC_8), remainder, rested(FIRST, 5), accepted(IOC_8)]) == [4, 0, 0, 0]


def test_a_told_number_is_never_changed():
    events = events_of([accepted(FIRST)._replace(command=900)])
    assert numbers(events, partial(whom, commands_of(COMMANDS))).tolist() == [900]


def test_the_first_event_of_a_command_is_its_answer_and_comes_once():
    waiting = Waiting()
    later = events_of([rested(FIRST, 5), accepted(IOC_8), accepted(SECOND)])
    commands, events = waiting.first_answers(Segment(commands_of(COMMANDS), events_of([accepted(FIRST)])))
    assert commands["number"].tolist() == [1]
    commands, events = waiting.first_answers(Segment(commands_of([]), later))
    assert commands["number"].tolist() == [2, 4]
    assert np.array_equal(commands["number"], events["command"])
    assert waiting.commands["number"].tolist() == [3, 5]


CANCELS = numbered([new(7, BUY, 100, 5), *(cancel(7) for _ in range(5))])
GONE = [rejected(command, Reason.UNKNOWN_ORDER) for command in CANCELS[1:]]


def on(channel, *events):
    return events_of([event._replace(channel=channel) for event in events])


def told(waiting, *events):
    """The numbers of the commands that these answer."""
    commands, _ = waiting.first_answers(Segment(commands_of([]), np.concatenate(events)))
    return commands["number"].tolist()


def cancels(**settings):
    """Six commands that wait."""
    waiting = Waiting(**settings)
    waiting.first_answers(Segment(commands_of(CANCELS), events_of([])))
    return waiting


def test_what_a_drop_copy_tells_is_no_answer():
    waiting = cancels()
    assert told(waiting, on(Channel.DROP_COPY, accepted(CANCELS[0]), *GONE)) == []
    assert told(waiting, on(Channel.ORDER, accepted(CANCELS[0]), GONE[2])) == [1, 4]
    assert (waiting.unanswered, waiting.on_copy_alone) == (0, 4)


def test_what_it_alone_may_tell_is_not_unanswered():
    waiting = cancels()
    told(waiting, on(Channel.DROP_COPY, accepted(CANCELS[0]), *GONE[:3]))
    assert (waiting.unanswered, waiting.on_copy_alone) == (3, 3), "a session has a word for an order that is accepted"


def test_of_that_only_so_many_are_waited_for(monkeypatch):
    monkeypatch.setattr(_answers, "MOST_ON_COPY_ALONE", 2)
    waiting = cancels()
    told(waiting, on(Channel.DROP_COPY, *GONE[:3]))
    assert waiting.commands["number"].tolist() == [1, 3, 4, 5, 6]
    told(waiting, on(Channel.DROP_COPY, GONE[4]), on(Channel.ORDER, GONE[2]))
    assert waiting.commands["number"].tolist() == [1, 3, 5, 6]
    assert (waiting.unanswered, waiting.on_copy_alone) == (2, 3)


def test_where_it_does_not_matter_who_tells_the_first_of_both_counts():
    waiting = cancels(on_copy_too=True)
    assert told(waiting, on(Channel.DROP_COPY, accepted(CANCELS[0]), *GONE[:3])) == [2, 3, 4]
    assert told(waiting, on(Channel.ORDER, accepted(CANCELS[0]), *GONE)) == [1, 5, 6]
    assert (waiting.unanswered, waiting.on_copy_alone) == (0, 0)
