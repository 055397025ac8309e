"""The check `numbering` follows the numbers of events and matches."""

from __future__ import annotations

import pytest

from harness.base.records import EventKind, Role
from harness.checks.numbering import CHECK
from tests.fakes.history import BUY, SELL, folded, info, new, numbered, segments
from tests.fakes.random_flow import random_flow
from tests.fakes.right_engine import changed, right_events

COMMANDS = numbered([new(1, SELL, 100, 5), new(2, SELL, 100, 5), new(3, BUY, 100, 10, account=2)])
RIGHT = right_events(COMMANDS)
FIRST, SECOND = (at for at, event in enumerate(RIGHT) if event.kind == EventKind.TRADE)


def found(events, commands=COMMANDS, size=2**31):
    facts = folded(CHECK.start(info()), segments(commands, events, size))
    return [(one.kind, one.first_command, one.expected, one.got, one.count) for one in facts.findings]


@pytest.mark.parametrize("size", [2**31, 7])
def test_numbers_that_go_on_by_one_pass(size):
    commands = random_flow(300)
    events = right_events(commands)
    assert found(events, commands, size) == []
    assert folded(CHECK.start(info()), segments(commands, events, size)).seen == len(events)


def test_the_first_event_is_number_1():
    later = [event._replace(engine_seq=event.engine_seq + 1) for event in RIGHT]
    assert found(later) == [("event", 1, "event number 1", "event number 2", 1)]


def test_a_lost_message_shows_as_a_gap_and_a_repeated_one_as_a_double():
    assert found(RIGHT[:2] + RIGHT[3:]) == [("event", 2, "event number 3", "event number 4", 1)]
    assert found([*RIGHT[:2], RIGHT[1], *RIGHT[2:]]) == [("event", 1, "event number 3", "event number 2", 1)]


def test_two_matches_share_no_number():
    assert found(changed(RIGHT, SECOND, match=1)) == [("match", 3, "match number 2", "match number 1", 1)]


def test_the_two_sides_of_a_trade_share_theirs():
    sides = [RIGHT[FIRST]._replace(role=Role.TAKER), RIGHT[SECOND]._replace(role=Role.MAKER, match=1)]
    assert found([*RIGHT[:FIRST], *sides]) == []
