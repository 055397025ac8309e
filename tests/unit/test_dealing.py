"""The order of the tests where several processes run them."""

from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.dealing import dealt


class One(NamedTuple):
    path: Path
    number: int


def made(**files):
    """So many of each file, in the order of their folders."""
    return [One(Path("tests", *name.split("_", 1)), number) for name, count in files.items() for number in range(count)]


ALL = made(
    browser_a=3,
    browser_b=2,
    contract_a=40,
    contract_b=9,
    e2e_a=4,
    e2e_b=3,
    e2e_c=2,
    **{f"unit_{n}": 7 for n in range(60)},
)


@pytest.mark.parametrize("processes", [1, 2, 3, 8])
def test_nothing_is_lost_or_run_twice(processes):
    assert sorted(dealt(ALL, processes)) == sorted(ALL)


def test_stretches_are_of_one_length_and_each_goes_from_what_takes_long_to_what_does_not():
    told = [one.path.parts[1] for one in dealt(ALL, 3)]
    begins = [0, *(at for at in range(1, len(told)) if told[at] == "e2e" != told[at - 1]), len(told)]
    stretches = [told[begin:end] for begin, end in pairwise(begins)]
    assert len(stretches) == 3
    for stretch in stretches:
        assert stretch == sorted(stretch, key=["e2e", "browser", "contract", "unit"].index)
        assert abs(len(stretch) - len(ALL) / 3) < 7


def test_the_tests_of_a_file_and_of_a_folder_with_one_browser_stay_together():
    told = dealt(ALL, 3)
    for path in {one.path for one in ALL}:
        places = [at for at, one in enumerate(told) if one.path == path]
        assert places == list(range(places[0], places[0] + len(places)))
    browser = [at for at, one in enumerate(told) if "browser" in one.path.parts]
    assert browser == list(range(browser[0], browser[0] + 5))
