"""What is handed over ahead is written down in order, before its answers, and with the time at which it went out."""

import numpy as np
import pytest

from harness.base.answers import unsaid
from harness.base.records import EVENT, NONE, Channel, empty_commands
from harness.evidence.as_said import are_unsaid
from harness.instruments._handing import AHEAD_NS, LOW_NS, Ahead, AtOnce
from tests.fakes.clock import FakeClock

MS = 1_000_000


class Dispatch:
    """One whose turns a test takes by hand."""

    def __init__(self):
        self.passed = -1
        self.stamps = {}
        self.closed = False
        self.on_look = []

    def passed_ns(self):
        if self.on_look:
            self.on_look.pop(0)()
        return self.passed

    def sent_ns(self, numbers):
        return np.array([self.stamps.get(number, -1) for number in numbers.tolist()], np.int64)

    def close(self):
        self.closed = True


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def dispatch():
    return Dispatch()


@pytest.fixture
def written():
    return []


@pytest.fixture
def ahead(clock, dispatch, written):
    return Ahead(clock, dispatch, lambda _: None, lambda chunk: written.extend(sent(chunk)))


def sent(chunk):
    return list(zip(chunk["number"].tolist(), chunk["sent_ns"].tolist(), strict=True))


def due(*times_ms, first=1):
    made = empty_commands(len(times_ms))
    made["number"], made["due_ns"] = np.arange(first, first + len(made)), np.array(times_ms) * MS
    return made


def answers(*numbers):
    made = np.zeros(len(numbers), EVENT)
    made["command"] = numbers
    return made


def told(events):
    return events["command"].tolist()


def test_at_once_is_written_before_it_is_sent_and_due_as_it_goes_where_it_has_no_pace(clock):
    clock.pass_ns(7)
    seen = []
    way = AtOnce(clock, lambda chunk: seen.append("sent"), lambda chunk: seen.append(sent(chunk)))
    paced, unpaced = due(0), due(0, first=2)
    unpaced["due_ns"] = NONE
    way.hand(paced)
    way.hand(unpaced)
    assert seen == [[(1, 7)], "sent", [(2, 7)], "sent"]
    assert (paced["due_ns"][0], unpaced["due_ns"][0]) == (0, 7)


def test_more_is_handed_over_once_the_next_is_due_soon(clock, ahead):
    assert ahead.upto_ns(LOW_NS + 1)[0] == 0
    assert ahead.upto_ns(LOW_NS)[0] == AHEAD_NS
    clock.pass_ns(MS)
    assert ahead.upto_ns(0)[0] == MS + AHEAD_NS


def test_what_went_out_has_the_time_it_went_at(ahead, dispatch, written):
    ahead.hand(due(1, 2, 3))
    dispatch.passed, dispatch.stamps = 2 * MS, {1: MS + 5, 2: 2 * MS + 9}
    assert told(ahead.heard(answers(1, 2))) == [1, 2]
    assert written == [(1, MS + 5), (2, 2 * MS + 9)]


def test_what_was_answered_is_written_first_though_its_round_is_not_over(ahead, dispatch, written):
    ahead.hand(due(1, 2))
    dispatch.stamps = {1: MS}
    assert told(ahead.heard(answers(1))) == [1]
    assert written == [(1, MS)]


def test_one_before_it_that_has_its_turn_in_the_same_round_is_waited_for(ahead, dispatch, written):
    ahead.hand(due(1, 1))
    dispatch.stamps = {2: MS}
    dispatch.on_look = [lambda: None, lambda: dispatch.stamps.update({1: 5 * MS})]
    assert told(ahead.heard(answers(2))) == [2]
    assert written == [(1, 5 * MS), (2, MS)]


def test_what_had_its_turn_and_waits_for_the_engine_is_not_the_drivers_delay(clock, ahead, dispatch, written):
    ahead.hand(due(1, 2))
    dispatch.passed = 2 * MS
    ahead.heard(answers())
    assert written == [(1, MS), (2, 2 * MS)]


def test_what_is_handed_over_late_went_no_sooner(clock, dispatch, written):
    ahead = Ahead(clock, dispatch, lambda _: clock.pass_ns(2 * MS), lambda chunk: written.extend(sent(chunk)))
    clock.pass_ns(10 * MS)
    ahead.hand(due(1, 11, 30))
    dispatch.passed = 11 * MS
    ahead.heard(answers())
    assert written == [], "it was put in behind what passed"
    dispatch.passed = 12 * MS
    ahead.heard(answers())
    assert written == [(1, 12 * MS), (2, 12 * MS)]


def test_a_time_of_whoever_had_the_number_before_is_none(clock, ahead, dispatch, written):
    clock.pass_ns(10 * MS)
    dispatch.stamps = {1: 9 * MS}
    ahead.hand(due(5))
    ahead.heard(answers())
    assert written == []


def test_what_is_told_of_a_command_that_is_not_due_is_told_behind_it(ahead, dispatch, written):
    ahead.hand(due(1, 2, 3))
    dispatch.passed, dispatch.stamps = MS, {1: MS}
    assert told(ahead.heard(answers(3, 1, 0))) == [1, 0]
    dispatch.passed = 3 * MS
    assert told(ahead.heard(answers())) == [3]
    assert [number for number, _ in written] == [1, 2, 3]


def test_while_an_engine_takes_no_more_what_went_is_written_all_the_same(clock, dispatch, written):
    def send(chunk):
        dispatch.passed, dispatch.stamps = 2 * MS, {1: MS}
        assert told(ahead.heard(answers(1))) == [1]
        clock.pass_ns(3 * MS)

    ahead = Ahead(clock, dispatch, send, lambda chunk: written.extend(sent(chunk)))
    ahead.hand(due(1, 2, 9))
    assert written == [(1, MS), (2, 2 * MS)]
    dispatch.passed, dispatch.stamps = 9 * MS, {3: 9 * MS}
    ahead.heard(answers())
    assert written[-1] == (3, 9 * MS)


def test_at_the_end_what_went_is_written_and_what_did_not_is_not(ahead, dispatch, written):
    ahead.hand(due(1, 2, 3, 4))
    dispatch.passed, dispatch.stamps = 0, {1: MS, 3: 3 * MS}
    assert told(ahead.close()) == [2]
    assert dispatch.closed
    assert written == [(1, MS), (2, 2 * MS), (3, 3 * MS)]


def test_what_waited_to_the_end_was_never_sent_and_what_went_since_or_could_not_be_said_is_not_told_again(
    ahead, dispatch
):
    ahead.hand(due(1, 2, 3, 4))
    dispatch.passed = 4 * MS
    ahead.heard(unsaid(np.array([2], np.uint64)))
    dispatch.stamps = {3: 9 * MS}
    ahead.hand(due(5, first=5))
    dispatch.passed = 5 * MS
    ahead.heard(answers())
    never = ahead.close()
    assert told(never) == [1, 4, 5]
    assert are_unsaid(never).all()


def test_it_waits_until_the_last_is_due(clock, ahead):
    assert not ahead.is_waiting()
    ahead.hand(due(1))
    assert ahead.is_waiting()
    clock.pass_ns(MS + 1)
    assert not ahead.is_waiting()


def test_the_numbers_of_a_drop_copy_are_the_engines_own(ahead):
    copied = answers(10**6)
    copied["channel"] = Channel.DROP_COPY
    assert told(ahead.heard(copied)) == [10**6]


def test_a_packet_whose_round_is_not_over_may_prove_not_to_have_gone(ahead, dispatch, written):
    ahead.hand(due(1, 2))
    dispatch.passed, dispatch.stamps = 0, {1: MS, 2: MS}
    ahead.heard(answers())
    assert len(written) == 2
    dispatch.passed, dispatch.stamps = 2 * MS, {1: MS}
    assert told(ahead.close()) == [2]


def test_a_later_handful_that_went_on_has_the_one_before_it_waited_for(ahead, dispatch, written):
    ahead.hand(due(1, 2))
    ahead.hand(due(3, first=3))
    dispatch.passed, dispatch.stamps = 0, {1: MS, 3: 3 * MS}
    dispatch.on_look = [lambda: None, lambda: dispatch.stamps.update({2: 4 * MS})]
    assert told(ahead.heard(answers(3))) == [3]
    assert written == [(1, MS), (2, 4 * MS), (3, 3 * MS)]


def test_what_came_before_the_end_is_told_at_the_end(ahead, dispatch):
    ahead.hand(due(1, 2))
    assert told(ahead.heard(answers(2))) == []
    dispatch.passed, dispatch.stamps = 2 * MS, {1: MS, 2: 2 * MS}
    assert told(ahead.close()) == [2]
