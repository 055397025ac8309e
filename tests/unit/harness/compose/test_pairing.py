"""Runs in pairs: who is first, what counts, and how it ends."""

from itertools import count

import pytest

from harness.base.errors import EngineError
from harness.compose.pairing import INTERRUPTED, Pairing, dealt
from harness.compose.turns import Task, Timed

TASKS = (Task("calm", 10), Task("busy", 10), Task("wild", 10))
COSTS = {"base": 1.0, "head": 2.0}


def pairing(run=None, *, stopped=lambda: False, looks=(4, 8)):
    own = run or (lambda side, _task: Timed({"cpu": COSTS[side]}, 10, 1, 7))
    return Pairing(run=own, tasks=TASKS, order=dealt(looks, 1), stopped=stopped)


@pytest.mark.parametrize("looks", [(1,), (2,), (30,), (31,), (30, 60, 90), (7, 14, 21)])
def test_each_side_is_first_as_often_as_the_other_by_each_look_in_an_order_that_the_seed_deals(looks):
    order = list(dealt(looks, 1))
    assert len(order) == looks[-1]
    assert all(sorted(sides) == ["base", "head"] for sides in order)
    for end in looks:
        assert [sides[0] for sides in order[:end]].count("base") == (end + 1) // 2
    assert order == list(dealt(looks, 1))
    if looks[-1] > 10:
        assert order != list(dealt(looks, 2))
        assert order != [order[at % 2] for at in range(len(order))], "dealt, not in turns"


def test_it_goes_on_where_it_was():
    made, told = pairing(), []
    made.go_on(4, told.append)
    before = made.whole()
    made.go_on(8, told.append)
    assert told == list(range(1, 9))
    assert made.pairs == 8
    assert made.whole()[: len(before)] == before
    assert [turn.pair for turn in made.whole()] == [pair for pair in range(1, 9) for _ in range(6)]
    for place, sides in enumerate(dealt((4, 8), 1)):
        own = made.whole()[6 * place : 6 * place + 6]
        assert [(turn.scenario, turn.side) for turn in own] == [
            (task.scenario, side) for task in TASKS for side in sides
        ]
    assert all(turn.values == {"cpu": COSTS[turn.side]} for turn in made.whole())
    assert made.lags_ns == {(task.scenario, side): [7] * 8 for task in TASKS for side in ("base", "head")}
    assert not made.ended


def test_a_pair_that_the_user_did_not_wait_for_does_not_count():
    asked = count()
    made = pairing(stopped=lambda: next(asked) == 15)
    made.go_on(4, lambda _: None)
    assert (made.ended, made.pairs) == (INTERRUPTED, 2)
    assert len(made.turns) == 15
    assert [turn.pair for turn in made.whole()] == [1] * 6 + [2] * 6


def test_a_side_that_fails_ends_it_and_is_named():
    def run(side, task):
        if side == "head" and task.scenario == "busy":
            raise EngineError("it is gone")
        return Timed({}, 10, 1, 0)

    made = pairing(run)
    made.go_on(4, lambda _: None)
    assert made.ended == "the head failed in pair 1, busy: it is gone"
    assert made.pairs == 0
