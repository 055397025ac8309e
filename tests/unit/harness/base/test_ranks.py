"""Tests by signs and ranks, and shifts: by hand on samples that can be counted out on paper, against scipy on drawn ones."""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from harness.base.findings import Interval
from harness.base.ranks import COUNTED_MOST, paired_shift, rank_sum_p, shift, sign_p


def of(*values):
    return np.array(values, np.float64)


def drawn(seed, *sizes):
    generator = np.random.default_rng(seed)
    return [generator.normal(0.4 * place, 1.0, size) for place, size in enumerate(sizes)]


def test_three_differences_on_one_side_are_a_coin_thrown_three_times_twice_over():
    assert sign_p(of(1, 2, 3)) == pytest.approx(2 / 8)
    assert sign_p(of(-1, -2, -3)) == pytest.approx(2 / 8)
    assert sign_p(of(1, 2, -3)) == 1.0
    # Of 32 ways to throw five coins, six show one tail at the most.
    assert sign_p(of(1, 2, 3, 4, -5)) == pytest.approx(2 * 6 / 32)


def test_how_far_a_pair_lies_off_says_nothing_beyond_its_side():
    assert sign_p(of(1, 1, 1, 1, -1)) == sign_p(of(1, 2, 3, 4, -1_000))


def test_pairs_without_a_difference_say_nothing():
    assert sign_p(of(0, 0, 0)) == 1.0
    assert sign_p(of(0, 1, 2, 3, 0)) == sign_p(of(1, 2, 3))


def test_two_samples_of_two_can_be_dealt_in_six_ways():
    assert rank_sum_p(of(1, 2), of(3, 4)) == pytest.approx(2 / 6)
    assert rank_sum_p(of(3, 4), of(1, 2)) == pytest.approx(2 / 6)
    assert rank_sum_p(of(1, 4), of(2, 3)) == 1.0
    assert rank_sum_p(of(5, 5), of(5, 5)) == 1.0


def test_ties_between_samples_are_counted_as_they_are():
    # Ranks 1, 2.5, 2.5, 4 with the head on 2.5 and 4: of the six deals (3.5 twice, 5 twice, 6.5 twice) two are as high.
    assert rank_sum_p(of(1, 2), of(2, 3)) == pytest.approx(2 * 2 / 6)


def test_with_many_ties_they_are_as_every_deal_counted_out_has_them():
    base, head = of(1, 2, 2, 3, 3), of(2, 3, 3, 4, 4, 4)
    ranks = stats.rankdata(np.concatenate((base, head)))
    sums = [sum(dealt) for dealt in combinations(ranks, len(head))]
    seen = ranks[len(base) :].sum()
    assert rank_sum_p(base, head) == pytest.approx(2 * np.mean([one >= seen for one in sums]))


@pytest.mark.parametrize("size", [6, 13, 40, 150, 1_000])
def test_signs_are_as_scipy_has_them(size):
    for seed in range(5):
        (differences,) = drawn(seed, size)
        differences += 0.3
        ups = int((differences > 0).sum())
        assert sign_p(differences) == pytest.approx(stats.binomtest(ups, size).pvalue, rel=1e-9)


@pytest.mark.parametrize("sizes", [(3, 5), (8, 8), (20, 12), (25, 25), (50, COUNTED_MOST - 50)])
def test_rank_sums_are_as_scipy_has_them(sizes):
    for seed in range(5):
        base, head = drawn(seed, *sizes)
        assert rank_sum_p(base, head) == pytest.approx(stats.mannwhitneyu(base, head, method="exact").pvalue, rel=1e-9)


def test_more_runs_than_are_counted_out_are_as_scipy_takes_them_for_normal():
    for base, head in (drawn(seed, COUNTED_MOST // 2, COUNTED_MOST // 2 + 1) for seed in range(5)):
        for rounded in (base, head), (base.round(), head.round()):
            known = stats.mannwhitneyu(*rounded, method="asymptotic")
            assert rank_sum_p(*rounded) == pytest.approx(known.pvalue, rel=1e-9)
    many = np.ones(COUNTED_MOST)
    assert rank_sum_p(many, many) == 1.0, "all alike"


def test_the_middle_of_pairs_is_the_median_of_their_differences():
    assert paired_shift(of(1, 2, 6), 0.75) == Interval(2, 1, 6)
    assert paired_shift(of(1, 2, 6, 7), 0.5).value == 4
    assert paired_shift(of(1, 2, 6), 0.95) == Interval(2, -np.inf, np.inf), "three pairs refuse nothing at 5 %"


def test_the_shift_of_two_samples_is_the_median_of_all_differences_between_them():
    # Differences: 9, 10, 19, 20. The extremes are the ends of an interval of 1 - 2/6.
    assert shift(of(1, 2), of(11, 21), 0.6) == Interval(14.5, 9, 20)
    assert shift(of(1, 2), of(11, 21), 0.95) == Interval(14.5, -np.inf, np.inf)


@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
def test_an_interval_holds_just_what_its_test_does_not_refuse(confidence):
    for seed in range(10):
        base, head = drawn(seed, 12, 12)
        for found, p_at in (
            (paired_shift(head - base, confidence), lambda by: sign_p(head - base - by)),  # noqa: B023 - used in this turn
            (shift(base, head, confidence), lambda by: rank_sum_p(base, head - by)),  # noqa: B023
        ):
            for end, outward in ((found.low, -1e-9), (found.high, 1e-9)):
                assert p_at(end - outward) > 1 - confidence, "just inside it is not refused"
                assert p_at(end + outward) <= 1 - confidence, "just outside it is"


def test_an_interval_is_as_wide_as_the_tables_say():
    # Hollander and Wolfe, table A.2: of 10 coins, P(heads <= 1) = 0.0107, so the 2nd difference from either end bounds 95 %.
    differences = of(*(2.0**place for place in range(10)))
    found = paired_shift(differences, 0.95)
    assert (found.low, found.high) == (2, 256)
