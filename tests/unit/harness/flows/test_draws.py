"""Chance as integers: the published words, and every value alike."""

import numpy as np
import pytest

from harness.base.seeds import Seed
from harness.flows._draws import QUANTILES, below, geometric, one_of, quantiles, random_of, word


def test_the_words_are_those_of_the_published_generator():
    """The first of the reference implementation for the state 1234567, by S. Vigna, https://prng.di.unimi.it/splitmix64.c."""
    random = np.array([1234567], np.uint64)
    assert [int(word(random)) for _ in range(3)] == [6457827717110365317, 3203168211198807973, 9817491932198370423]


@pytest.mark.parametrize("count", [1, 2, 7, 1000])
def test_every_number_below_comes_up_as_often(count):
    random = random_of(Seed(1), "test")
    drawn = np.array([below(random, count) for _ in range(50 * count + 1_000)])
    assert drawn.min() == 0
    assert drawn.max() == count - 1
    counts = np.bincount(drawn, minlength=count)
    assert counts.std() < 2 * np.sqrt(counts.mean()) + 1


def test_the_largest_count_gives_all_of_32_bits():
    random = random_of(Seed(1), "test")
    drawn = [int(below(random, 2**32)) for _ in range(1_000)]
    assert 0 <= min(drawn) < 2**26
    assert 2**32 - 2**26 < max(drawn) < 2**32


def test_an_entry_is_one_of_the_table():
    random = random_of(Seed(1), "test")
    assert {int(one_of(random, np.array([5, -7, 9]))) for _ in range(100)} == {5, -7, 9}


def test_a_name_is_a_source_of_its_own():
    assert random_of(Seed(1), "one") != random_of(Seed(1), "two")
    assert random_of(Seed(1), "one") != random_of(Seed(2), "one")


def test_quantiles_are_the_middles_of_equal_parts():
    parts = quantiles()
    assert len(parts) == QUANTILES
    assert parts * QUANTILES == pytest.approx(np.arange(QUANTILES) + 0.5)


@pytest.mark.parametrize("chance", [0.05, 0.1, 0.3])
def test_a_geometric_table_begins_at_one_and_has_the_right_shares_and_mean(chance):
    values = geometric(chance)
    assert values[0] == 1
    for value in (1, 2, 5):
        assert np.mean(values > value) == pytest.approx((1 - chance) ** value, abs=1 / QUANTILES)
    assert values.mean() == pytest.approx(1 / chance, rel=0.01)
