"""The sessions of an engine: opened once each, told in order, and no engine may take nothing forever."""

import numpy as np
import pytest

from harness.base.capabilities import Capabilities
from harness.base.clock import MonotonicClock
from harness.base.errors import EngineDiedError
from harness.base.records import COMMAND
from harness.port import QUIET_NS, Sessions, hear_out
from tests.fakes.clock import FakeClock


class Taker:
    """An engine that takes at most so many commands at a time."""

    has_sender = False

    def __init__(self, at_a_time):
        self.at_a_time = at_a_time
        self.opened, self.taken, self.closed, self.asked = [], [], 0, 0

    def session(self, account):
        self.opened.append(account)
        return self

    def sender(self):
        self.opened.append("all")
        return self

    def send(self, commands):
        self.taken.extend(commands["number"][: self.at_a_time].tolist())
        return min(self.at_a_time, len(commands))

    def close(self):
        self.closed += 1

    def snapshot(self):
        self.asked += 1


def commands(*sessions):
    rows = np.zeros(len(sessions), COMMAND)
    rows["number"] = range(1, 1 + len(rows))
    rows["session"] = sessions
    rows["account"] = rows["session"] + 10
    return rows


def test_each_session_is_opened_once_for_its_account_and_closed():
    engine = Taker(9)
    sessions = Sessions(engine, MonotonicClock(), 1_000_000_000)
    sessions.send(commands(1, 2, 2, 1), meanwhile=lambda: pytest.fail("all were taken at once"))
    sessions.send(commands(2, 3), meanwhile=lambda: pytest.fail("all were taken at once"))
    assert engine.opened == [11, 12, 13]
    sessions.close()
    assert engine.closed == 3


@pytest.mark.parametrize("apart", [False, True])
def test_a_session_that_was_left_is_opened_anew_by_its_next_command(apart):
    engine = Taker(9)
    sessions = Sessions(engine, MonotonicClock(), 1_000_000_000, apart=apart)
    sessions.send(commands(1, 2), meanwhile=lambda: pytest.fail("all were taken at once"))
    sessions.leave(1)
    sessions.leave(7)
    assert (engine.opened, engine.closed) == ([11, 12], 1)
    sessions.send(commands(2, 1), meanwhile=lambda: pytest.fail("all were taken at once"))
    assert engine.opened == [11, 12, 11]


@pytest.mark.parametrize(("apart", "opened", "taken"), [(True, ["all"], [2, 4, 1, 3]), (False, [12], [1, 2, 3, 4])])
def test_one_sender_takes_all_accounts_where_they_are_apart(apart, opened, taken):
    engine, rows = Taker(9), commands(2, 2, 2, 2)
    engine.has_sender = True
    rows["account"] = [7, 5, 7, 5]
    Sessions(engine, MonotonicClock(), 1_000_000_000, apart=apart).send(rows, lambda: pytest.fail("all were taken"))
    assert engine.taken == taken
    assert len(engine.opened) == len(opened)


def test_what_is_not_taken_at_once_is_sent_again_in_order():
    engine, waited = Taker(2), []
    Sessions(engine, MonotonicClock(), 1_000_000_000).send(
        commands(1, 1, 1, 1, 1, 2), lambda: waited.append(len(engine.taken))
    )
    assert engine.taken == [1, 2, 3, 4, 5, 6]
    assert waited == [2, 4]


def test_an_engine_that_takes_nothing_for_too_long_counts_as_dead():
    sessions = Sessions(Taker(0), MonotonicClock(), 2_000_000)
    with pytest.raises(EngineDiedError, match=r"took no command for 0\.002 s"):
        sessions.send(commands(1), meanwhile=lambda: None)


def test_accounts_apart_have_a_session_each_and_keep_their_own_order():
    engine = Taker(9)
    sessions = Sessions(engine, MonotonicClock(), 1_000_000_000, apart=True)
    rows = commands(1, 1, 1, 1, 2)
    rows["account"] = (8, 7, 8, 7, 7)
    sessions.send(rows, meanwhile=lambda: pytest.fail("all were taken at once"))
    sessions.send(rows[:1], meanwhile=lambda: pytest.fail("all were taken at once"))
    assert engine.opened == [7, 8, 7]
    assert engine.taken == [2, 4, 1, 3, 5, 1]


def test_an_engine_that_takes_a_little_each_time_is_not_dead():
    """Each command is taken just before the time for it is over; all together take twice as long."""
    clock, engine = FakeClock(), Taker(1)
    sessions = Sessions(engine, clock, 10)
    sessions.send(commands(1, 1, 1, 1), meanwhile=lambda: clock.wait_until(clock.now_ns() + 9))
    assert engine.taken == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("offered", "heard", "asked"),
    [
        (Capabilities(answers_at_once=True), 0, 0),
        (Capabilities(book=("best",)), 3, 0),
        (Capabilities(book=("snapshot",)), 1, 1),
        (Capabilities(channels=("order", "drop_copy"), answers_at_once=True), 3, 0),
        (Capabilities(channels=("order", "drop_copy"), book=("snapshot",)), 3, 0),
    ],
)
def test_what_is_behind_the_first_event_of_an_answer_is_heard_out(offered, heard, asked):
    """Once the book is there nothing is waited for; where it cannot be asked a pause ends nothing, only silence does."""
    engine, clock, comes = Taker(1), FakeClock(), iter([True, False, True])
    engine.capabilities = offered

    def receive(wait_ns):
        clock.wait_until(clock.now_ns() + QUIET_NS // 4)
        return next(comes, False)

    hear_out(engine, clock, receive)
    assert (3 - len(list(comes)), engine.asked) == (heard + (asked > 0), asked)
