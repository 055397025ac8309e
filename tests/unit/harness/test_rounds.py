"""Rounds and figures: cases take turns, the median is told, and a figure whose work was not right is not."""

import gc

import pytest

from harness.bench import Case, Goal, Round
from harness.rounds import measure, noise_pct

MS = 1_000_000


def case(name, *elapsed_ms, amount=1000, right=True, **more):
    turns = iter(elapsed_ms)
    return Case(
        name=name, about="made", amount=amount, run=lambda: Round(int(next(turns) * MS), right), **more
    )  # fmt: skip


def one(*args, rounds=3, **more):
    return measure([case("a", *args, **more)], rounds, lambda _: None)[0]


def test_the_median_is_told_without_the_warm_round():
    result = one(50, 1, 4, 2)
    assert result.cold_s == 0.05
    assert result.runs == (1_000_000, 250_000, 500_000)
    assert (result.median, result.spread_pct, result.better) == (500_000, 150.0, "higher")


def test_a_case_that_needs_no_warm_round_counts_all():
    assert one(1, 4, 2, warms=False).runs == (1_000_000, 250_000, 500_000)


@pytest.mark.parametrize(("unit", "median"), [("1/s", 500_000), ("ns", 2000), ("s", 0.002)])
def test_a_figure_is_told_in_its_unit(unit, median):
    result = one(9, 2, 2, 2, unit=unit)
    assert (result.median, result.better) == (median, "higher" if unit == "1/s" else "lower")


@pytest.mark.parametrize(("unit", "ratio"), [("1/s", 2.0), ("ns", 2.0), ("s", 2.0)])
def test_the_ratio_says_how_many_times_as_good_whatever_the_unit(unit, ratio):
    cases = [case("fast", 1, 1, 1, unit=unit, baseline="slow"), case("slow", 2, 2, 2, unit=unit)]
    fast, slow = measure(cases, 2, lambda _: None)
    assert (fast.ratio, slow.ratio, fast.baseline) == (ratio, None, "slow")


def test_a_small_ratio_is_not_told_as_none():
    slow, _ = measure([case("a", 30_000, 30_000, baseline="b"), case("b", 1, 1)], 1, lambda _: None)
    assert slow.ratio == 3.333e-05


def test_the_cases_take_turns():
    told = []
    measure([case("a", 1, 1, 1), case("b", 1, 1, warms=False), case("c", 1, 1, most_rounds=1)], 2, told.append)
    assert [line.split(",")[0] for line in told] == ["a", "c", "a", "b", "c", "a", "b"]


def test_work_that_was_not_right_has_no_figure_and_reaches_nothing():
    wrong, beside = measure(
        [case("a", 1, 1, right=False, goal=Goal(least=1)), case("b", 1, 1, baseline="a", goal=Goal(ratio=1))],
        1, lambda _: None,
    )  # fmt: skip
    assert (wrong.correct, wrong.median, wrong.spread_pct, wrong.reached) == (False, None, None, False)
    assert (beside.correct, beside.ratio, beside.reached) == (True, None, False)


@pytest.mark.parametrize(
    ("goal", "text", "reached"),
    [
        (Goal(), "", None),
        (Goal(least=500_000), ">=500000/s", True),
        (Goal(least=500_001), ">=500001/s", False),
        (Goal(most=499_999), "<=499999/s", False),
        (Goal(ratio=2), ">=2x", True),
        (Goal(ratio=2.1), ">=2.1x", False),
        (Goal(ratio=2, least=600_000), ">=2x, >=600000/s", False),
    ],
)
def test_a_goal_is_reached_when_all_of_it_is(goal, text, reached):
    result = measure([case("a", 2, 2, baseline="b", goal=goal), case("b", 4, 4)], 1, lambda _: None)[0]
    assert (result.goal, result.reached) == (text, reached)


def test_a_baseline_must_be_there():
    with pytest.raises(ValueError, match="no case 'nothing'"):
        measure([case("a", 1, baseline="nothing")], 1, lambda _: None)


def test_the_garbage_collector_is_off_while_it_is_timed_and_on_again_after():
    seen = []

    def turn():
        seen.append(gc.isenabled())
        return Round(1, right=True)

    measure([Case(name="a", about="made", amount=1, run=turn)], 1, lambda _: None)
    assert (seen, gc.isenabled()) == ([False, False], True)


def test_noise_is_a_share_of_the_fastest():
    assert noise_pct() >= 0
