"""The engine as a service holds it: batches, counters, snapshots."""

import numpy as np
import pytest

from engines.reference.asked import asked_of
from engines.service.risk.engine import GuardedReference
from harness.base.controls import Controls, InstrumentControls
from harness.base.records import EVENT, commands_of
from tests.fakes.guarded_session import account
from tests.fakes.history import new, numbered
from tests.fakes.risk_session import INSTRUMENTS, SMALL, RiskSession, held_to


def test_nothing_is_answered_by_nothing():
    told = GuardedReference(INSTRUMENTS, capacities=SMALL).submit(commands_of([]))
    assert (len(told), told.dtype) == (0, EVENT)


def test_a_buffer_has_room_for_a_step():
    asked = asked_of(commands_of(numbered([new(1, 0, 10, 1)])))
    with pytest.raises(ValueError, match="a buffer of 3 events"):
        GuardedReference(INSTRUMENTS, capacities=SMALL).step(asked, 0, np.zeros((3, 14), np.uint64))


def test_a_sweep_longer_than_its_first_buffer():
    guarded = GuardedReference(INSTRUMENTS, capacities=SMALL)
    guarded.submit(commands_of(numbered([new(at, 0, 10, 1) for at in range(1, 501)])))
    told = guarded.submit(commands_of(numbered([new(999, 1, 10, 100, account=2)])))
    assert (told["kind"] == 5).sum() == 100


def test_counters_say_what_was_refused_and_why():
    stage = held_to(account(long_max=5))
    stage.says("B 1x6 #1; B 1x7 #1; B 1x1 #1; B 1x1 #2 a77")
    stage.asks("kill_account", account=1, order=0)
    counted = stage.counters
    refused = {name: count for name, count in counted.items() if name.startswith("refused")}
    assert refused == {"refused: risk position": 2, "refused: unknown account": 1, "refused: invalid order id": 1}
    assert (counted["commands"], counted["open_orders_of_accounts"], counted["live_orders"]) == (5, 1, 1)


def test_a_state_that_is_none_is_refused():
    guarded = GuardedReference(INSTRUMENTS, capacities=SMALL)
    for words in ([], [5], [2**62, 1]):
        with pytest.raises(ValueError, match="ends early"):
            guarded.load(np.array(words, np.uint64))


def test_one_that_was_loaded_goes_on_as_the_other():
    stage, other = (held_to(account(long_max=9)) for _ in range(2))
    stage.says("B 90x4 #1; S 95x2 #2 a8; B 95x1 #3")
    stage.asks("halt", instrument=2)
    other.engine.guarded.load(stage.engine.guarded.state())
    assert other.book() == stage.book() != ""
    assert other.counters == stage.counters
    more = "B 90x5 #4; B 90x4 #4; B 1x1 #5 i2; cancel #1"
    assert other.rows(more) == stage.rows(more)


def test_what_falls_due_is_the_end_of_the_first_pause():
    watched = tuple(InstrumentControls(instrument=number, volume_max=1, pause_ns=100 * number) for number in (1, 2))
    stage = RiskSession(Controls(instruments=watched))
    assert stage.engine.guarded.due_ns() is None
    stage.says("S 50x2 #1 i2; B 50x2 #2 i2 a8")
    stage.clock.time_ns = 10
    stage.says("S 100x2 #3; B 100x2 #4 a8")
    assert stage.engine.guarded.due_ns() == 110
    stage.clock.time_ns = 110
    stage.asks("tick")
    assert stage.engine.guarded.due_ns() == 200
    stage.asks("halt", instrument=2)
    assert stage.engine.guarded.due_ns() is None


def test_a_copy_is_its_state_then_whatever_came_meanwhile():
    stage = held_to(account(long_max=9))
    stage.says("B 90x4 #1; S 95x2 #2 a8")
    guarded = stage.engine.guarded
    then, copy = guarded.state(), guarded.copy()
    stage.says("B 95x1 #3; cancel #1")
    assert np.array_equal(copy(), then)
    assert not np.array_equal(guarded.state(), then)
