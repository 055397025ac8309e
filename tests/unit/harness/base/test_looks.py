"""When it is looked, and what a look may spend."""

from itertools import pairwise

import pytest

from harness.base.looks import ALPHA, LOOKS_MOST, level, looks
from harness.base.stats import CONFIDENCE


def test_looks_come_at_the_first_and_then_in_equal_steps_up_to_the_most():
    assert looks(30, 150) == (30, 60, 90, 120, 150)
    assert looks(30, 90) == (30, 60, 90)
    assert looks(30, 100) == (30, 53, 77, 100)
    assert looks(10, 410) == (10, 110, 210, 310, 410), "a great many pairs are looked at no oftener"


def test_the_most_alone_are_one_look():
    assert looks(30, 30) == (30,)
    assert looks(30, 31) == (30, 31)
    assert looks(1, 1) == (1,)


@pytest.mark.parametrize(("first", "most"), [(30, 29), (0, 5)])
def test_fewer_than_the_first_are_no_looks(first, most):
    with pytest.raises(ValueError, match=f"after {first} pairs of {most}"):
        looks(first, most)


def test_no_look_comes_twice_and_there_are_never_too_many():
    for first in range(1, 40):
        for most in range(first, 200, 7):
            found = looks(first, most)
            assert found[0] == first
            assert found[-1] == most
            assert len(found) <= LOOKS_MOST
            assert all(one < following for one, following in pairwise(found))


@pytest.mark.parametrize("count", [1, 2, 5])
def test_what_all_looks_spend_is_what_one_alone_would(count):
    spent = level(count)
    assert count * spent.alpha == pytest.approx(ALPHA)
    assert count * (1 - spent.confidence) == pytest.approx(1 - CONFIDENCE)
