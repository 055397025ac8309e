"""Events find their commands by number, or by the order that they name."""

from __future__ import annotations

from functools import partial

import numpy as np

from harness.base.reasons import Reason
from harness.base.records import commands_of, events_of
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
