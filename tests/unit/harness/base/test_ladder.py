"""The search for a capacity: what it tries, what it ends with, and how far searches of one engine lie apart."""

from itertools import pairwise

import pytest

from harness.base.ladder import (  # fmt: skip
    NONE,
    Ask,
    Bracket,
    Ladder,
    Tried,
    against,
    bracket,
    chance_of_at_least,
    next_ask,
    sureness,
    tally,
)
from tests.fakes.searched import WIDE, engine, searched


def found(ladder, outcome_at, repeats=5):
    """The rate that is kept and the one above it, either None."""
    tried = searched(ladder, outcome_at, repeats)
    low, high = bracket(tried, repeats)
    return tuple(None if rung in (NONE, None) else ladder.rate_per_s(rung) for rung in (low, high)), tried


def of(*outcomes, rung=0, stage="confirm"):
    return [Tried(rung, stage, outcome) for outcome in outcomes]


def test_the_ladder_goes_up_by_less_than_five_percent_and_ends_at_the_rates_that_were_asked_for():
    ladder = Ladder(1_000, 50_000)
    rates = [ladder.rate_per_s(rung) for rung in range(ladder.top + 1)]
    assert rates[0] == 1_000
    assert rates[-1] == 50_000
    assert rates[16:49:16] == [2_000, 4_000, 8_000]
    assert all(1 < above / below <= 1.05 for below, above in pairwise(rates))
    assert Ladder(1_234.567, 9_999.99).rate_per_s(0) == 1_234.567
    assert Ladder(1_000, 1_000).top == 0
    assert Ladder(1_000, 2_000).top == 16


@pytest.mark.parametrize("capacity", [1_000, 1_001, 1_999, 2_000, 2_001, 12_345, 777_777])
def test_without_noise_the_capacity_lies_between_a_rate_that_is_kept_and_one_at_most_five_percent_above(capacity):
    (kept, above), tried = found(WIDE, engine(capacity))
    assert kept <= capacity < above <= 1.05 * kept
    assert sum(one.stage == "confirm" for one in tried) == 10
    assert sureness(tried, bracket(tried, 5)) == 1 - 2 / 32


def test_it_climbs_by_doublings_then_halves_the_gap_then_repeats_both_ends_in_turns():
    _, tried = found(WIDE, engine(5_000))
    climbed, bisected, repeated = ([one.rung for one in tried if one.stage == stage] for stage in ("climb", "bisect", "confirm"))  # fmt: skip
    assert climbed == [0, 16, 32, 48, 48]
    # 5,000 is 37.2 rungs up; what is broken is tried twice.
    assert bisected == [40, 40, 36, 38, 38, 37]
    assert repeated == [37, 38] * 5


@pytest.mark.parametrize("seed", range(20))
def test_five_searches_in_a_row_of_a_noisy_engine_spread_at_most_15_percent(seed):
    rates = [found(WIDE, engine(47_000, spread=0.03, spoilt=0.05, seed=100 * seed + turn))[0][0] for turn in range(5)]
    assert (max(rates) - min(rates)) / min(rates) <= 0.15
    assert min(rates) >= 0.85 * 47_000
    assert max(rates) <= 1.10 * 47_000


def test_one_trial_that_was_spoilt_does_not_halve_the_capacity():
    """Each of the first rates is broken once by something else."""
    spoilt = {1_000.0, 4_000.0, 16_000.0}

    def outcome_at(rate):
        if rate in spoilt:
            spoilt.remove(rate)
            return "broken"
        return "kept" if rate <= 20_000 else "broken"

    (kept, above), _ = found(WIDE, outcome_at)
    assert kept <= 20_000 < above <= 1.05 * kept


def test_a_rate_that_was_kept_by_luck_is_left_when_its_repeats_speak_against_it():
    lucky = {8_000.0}

    def outcome_at(rate):
        kept = rate <= 5_000 or rate in lucky
        lucky.discard(rate)
        return "kept" if kept else "broken"

    (kept, above), tried = found(WIDE, outcome_at)
    assert kept <= 5_000 < above <= 1.05 * kept
    # More rungs were repeated than the two that are told, and each was a chance to be wrong.
    assert sureness(tried, bracket(tried, 5)) < 1 - 2 / 32


def test_a_rate_that_was_broken_by_bad_luck_is_passed_by_steps_that_grow():
    bad = {4_000.0: 2}

    def outcome_at(rate):
        if bad.get(rate):
            bad[rate] -= 1
            return "broken"
        return "kept" if rate <= 4_300 else "broken"

    (kept, above), tried = found(WIDE, outcome_at)
    assert kept <= 4_300 < above <= 1.05 * kept
    assert {one.rung for one in tried if one.stage == "climb"} == {0, 16, 32, 33, 35}


def test_an_engine_that_keeps_nothing_is_not_tried_any_longer_than_that_takes():
    (kept, above), tried = found(WIDE, engine(10))
    assert (kept, above) == (None, 1_000)
    assert tried == [*of("broken", "broken", stage="climb"), *of(*5 * ["broken"])]
    assert sureness(tried, bracket(tried, 5)) is None


def test_a_lowest_rate_that_was_broken_by_bad_luck_does_not_end_the_search():
    left = ["broken", "broken"]
    (kept, above), tried = found(WIDE, lambda rate: left.pop() if left else engine(5_000)(rate))
    assert kept <= 5_000 < above <= 1.05 * kept
    assert len(tried) < 40


def test_an_engine_that_keeps_everything_is_told_by_the_highest_rate_that_was_asked_for():
    (kept, above), tried = found(Ladder(1_000, 3_000), engine(10**9))
    assert (kept, above) == (3_000, None)
    assert [one.rung for one in tried] == [0, 16, 26] + 5 * [26]
    assert sureness(tried, bracket(tried, 5)) == 1 - 1 / 32


def test_one_rate_alone_can_be_asked_for():
    (kept, above), tried = found(Ladder(2_000, 2_000), engine(5_000), 3)
    assert (kept, above) == (2_000, None)
    assert [one.stage for one in tried] == ["climb", "confirm", "confirm", "confirm"]


def test_a_saturated_generator_bounds_the_search_and_is_not_the_engines_doing():
    (kept, above), tried = found(WIDE, engine(10**9, generator_per_s=100_000))
    assert kept <= 100_000 < above <= 1.05 * kept
    low, high = bracket(tried, 5)
    assert against(tried, high) == "generator"
    assert sureness(tried, Bracket(low, high)) == 1 - 2 / 32, "of the lower end alone, and two rungs were repeated"


def test_an_engine_that_gives_in_below_the_generators_end_is_found_all_the_same():
    (kept, above), tried = found(WIDE, engine(47_000, generator_per_s=60_000))
    assert kept <= 47_000 < above <= 1.05 * kept
    assert against(tried, bracket(tried, 5).high) == "broken"
    assert "generator" in {one.outcome for one in tried}


def test_what_speaks_for_a_rung_are_its_repeats_not_what_found_it():
    tried = [*of("kept", stage="climb"), *of("kept", "broken", "kept")]
    assert tally(tried, 0) == (2, 3)
    assert tally(tried[:1], 0) == (1, 1)
    assert tally(tried, 7) == (0, 0)


def test_what_most_say_against_a_rung_counts_and_in_doubt_the_engine():
    assert against(of("kept", "generator", "unknown", "generator"), 0) == "generator"
    assert against(of("unknown", "unknown", "generator"), 0) == "unknown"
    assert against(of("broken", "generator"), 0) == "broken"


def test_a_warm_up_speaks_for_nothing():
    assert bracket(of("kept", rung=5, stage="warm-up"), 5) == (NONE, None)
    assert next_ask(of("broken", stage="warm-up"), 100, 5) == Ask(0, "climb")


def test_how_often_a_coin_falls_so():
    assert chance_of_at_least(5, 5) == 1 / 32
    assert chance_of_at_least(4, 5) == 6 / 32
    assert chance_of_at_least(0, 5) == 1
    assert chance_of_at_least(2, 3) == 0.5


def test_repeats_that_hardly_agree_are_hardly_sure():
    tried = [*of("kept", "kept", "kept", "broken", "broken", rung=1), *of("broken", "broken", "broken", "kept", "kept", rung=2)]  # fmt: skip
    assert sureness(tried, Bracket(1, 2)) == 0
    tried = [*of("kept", "kept", "kept", "kept", "broken", rung=1), *of(*5 * ["broken"], rung=2)]
    assert sureness(tried, Bracket(1, 2)) == 1 - 6 / 32 - 1 / 32


def test_what_it_says_of_its_sureness_is_not_more_than_how_often_it_is_right():
    """Half of the trials are kept at the capacity itself, where nothing spoils them."""
    said, right = 0.0, 0
    for seed in range(400):
        (kept, above), tried = found(WIDE, engine(46_200, spread=0.02, seed=seed))
        said += sureness(tried, bracket(tried, 5))
        right += kept <= 46_200 <= above
    assert 0 < said <= right <= 400
