"""What each way of cutting takes away, and what it costs where nothing can go."""

import numpy as np
import pytest

from harness.base.records import CommandKind, Side
from harness.shrink import cutting
from harness.shrink.sorts import SORTS
from harness.shrink.tries import Sight, Tries
from tests.fakes.history import BUY, SELL, cancel, new, replace
from tests.fakes.mixed_flow import mixed_flow
from tests.fakes.taped import orders, tape_of

FLOW = mixed_flow(seed=3, count=3_000)


def holding(*wanted):
    """Fails while it holds all of these orders' commands."""
    return lambda tape: Sight(0) if set(wanted) <= set(orders(tape)) else None


def counting(count, kind=None):
    """Fails at the command that is the `count`th (of the kind)."""

    def still_fails(tape):
        places = np.flatnonzero(tape["kind"] == kind) if kind else np.arange(len(tape))
        return Sight(int(places[count - 1]) + 1) if len(places) >= count else None

    return still_fails


def tries(still_fails, tape=FLOW):
    made = Tries(tape, Sight(0), still_fails, 10_000, lambda: False)
    assert made.keep(tape)
    return made


def test_both_ends_are_bisected():
    made = tries(holding(1_000, 1_100))
    cutting.cut_ends(made)
    assert {1_000, 1_100} <= set(orders(made.tape))
    assert len(made.tape) <= 103
    assert made.made <= 30


def test_a_sort_of_which_none_is_needed_goes_as_a_whole():
    made = tries(holding(1_000))
    cutting.drop_sorts(made, FLOW)
    assert all(len(np.unique(sort(made.tape))) == 1 for sort in SORTS)
    assert 1_000 in orders(made.tape)
    assert 1_000 in orders(made.tape)


def test_what_left_no_trace_goes_at_once_but_for_the_command_that_fails():
    idle = tuple(range(100, 3_001, 29))

    def still_fails(tape):
        whole = {50, 3_000} <= set(orders(tape)) and len(tape) > 2_800
        return Sight(len(tape), (), idle if len(tape) == len(FLOW) else ()) if whole else None

    made = tries(still_fails)
    cutting.drop_sorts(made, FLOW)
    assert set(orders(made.tape)) & set(idle) == {3_000}


def test_chunks_lie_behind_the_place_that_is_told():
    made = tries(holding(5, 700, 2_900))
    cutting.drop_chunks(made, behind=7)
    assert orders(made.tape) == [*range(1, 8), 700, 2_900]


def test_once_the_budget_is_spent_no_chunk_is_made():
    asked = []
    made = Tries(FLOW, Sight(0), holding(5), 10_000, lambda: bool(asked.append(1)) or len(asked) > 1)
    made.proven = True
    assert made.keep(FLOW)
    cutting.drop_chunks(made)
    assert (len(asked), made.made) == (2, 1)


def test_chunks_leave_exactly_what_is_needed_where_each_is_needed_alone():
    made = tries(holding(5, 700, 701, 2_900))
    cutting.drop_chunks(made)
    assert orders(made.tape) == [5, 700, 701, 2_900]


def test_chunks_are_given_up_on_a_long_tape_that_needs_them_all():
    made = tries(counting(2_000))
    before = made.made
    cutting.drop_chunks(made)
    assert (len(made.tape), made.made - before) == (2_000, cutting.FUTILE)


@pytest.mark.parametrize("kind", [None, CommandKind.NEW, CommandKind.CANCEL])
@pytest.mark.parametrize("count", [600, 700])
def test_what_counts_to_many_comes_near_its_number_in_forty_tries(kind, count):
    made = Tries(FLOW, Sight(0), counting(count, kind), 40, lambda: False)
    assert cutting.cut_around(made, Sight(2_990))
    cutting.drop_sorts(made, FLOW)
    cutting.cut_ends(made)
    assert count <= len(made.tape) <= count * 1.01


def test_what_counts_orders_of_one_side_is_reached_sooner_without_the_others():
    """Of 500 buys alone, or of 900 orders of both sides: the tape that is cut behind the 900th holds too few buys."""

    def still_fails(tape):
        new_ones = tape["kind"] == CommandKind.NEW
        wanted = 900 if (new_ones & (tape["side"] == Side.SELL)).any() else 500
        places = np.flatnonzero(new_ones)
        return Sight(int(places[wanted - 1]) + 1) if len(places) >= wanted else None

    made = tries(still_fails)
    assert len(made.tape) > 900
    cutting.drop_sorts(made, FLOW)
    assert 500 <= len(made.tape) <= 505


def test_what_can_go_only_after_another_one_goes_in_the_next_pass():
    def still_fails(tape):
        held = orders(tape)
        return Sight(0) if 10 in held and not (5 in held and 8 not in held) else None

    made = tries(still_fails, tape_of([new(number, BUY, 100, 1) for number in (10, 5, 8)]))
    cutting.drop_chunks(made)
    assert orders(made.tape) == [10]


def test_all_of_an_order_goes_together():
    """A cancel alone would be refused, which is what this one looks for."""

    def refused(tape):
        unknown = set(tape["target"].tolist()) - {0} - set(tape["order"][tape["kind"] == CommandKind.NEW].tolist())
        return None if unknown else Sight(0) if 9 in orders(tape) else None

    made = tries(refused, tape_of([new(1, BUY, 100, 5), cancel(1), new(9, SELL, 90, 1)]))
    cutting.drop_orders(made)
    assert orders(made.tape) == [9]


@pytest.mark.parametrize("count", [2, 3])
def test_a_few_that_make_up_for_each_other_go_together(count):
    def whole_groups(tape):
        return Sight(0) if len(tape) % count == 1 else None

    made = tries(whole_groups, tape_of([new(number, BUY, 100, 5) for number in range(1, 8)]))
    assert not any(made.keep(np.delete(made.tape, at)) for at in range(7)), "alone none can go"
    cutting.drop_few(made)
    assert len(made.tape) == 1


def test_around_the_finding_few_commands_are_tried_first():
    rows = [new(1, BUY, 100, 5), replace(1, 4, 99, 5), *(new(100 + at, BUY, 50, 1) for at in range(500))]
    tape = tape_of([*rows, new(2, SELL, 90, 5), new(3, SELL, 90, 5)])
    made = Tries(tape, Sight(0), holding(1, 2), 100, lambda: False)
    assert cutting.cut_around(made, Sight(503, (4,)))
    assert (orders(made.tape), made.made) == ([1, 4, 2, 3], 1)


def test_where_the_whole_tape_does_not_fail_nothing_is_claimed():
    made = Tries(FLOW, Sight(0), lambda _: None, 100, lambda: False)
    assert not cutting.cut_around(made, Sight(100))
