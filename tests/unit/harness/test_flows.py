"""The numbered commands of a flow: so many of them, from 1, and the flow's own memory untouched."""

import numpy as np
import pytest

from harness.base.records import COMMAND
from harness.flows import first_commands, numbered


def batches(*sizes):
    return [np.zeros(size, COMMAND) for size in sizes]


@pytest.mark.parametrize(
    ("count", "sizes"),
    [(0, []), (2, [2]), (3, [3]), (4, [3, 1]), (99, [3, 2])],
    ids=["none", "some", "one batch", "a part", "all"],
)
def test_the_first_of_them_are_numbered_in_their_own_batches(count, sizes):
    given = list(numbered(iter(batches(3, 2)), count))
    assert [len(batch) for batch in given] == sizes
    assert [number for batch in given for number in batch["number"].tolist()] == list(range(1, 1 + sum(sizes)))


def test_no_batch_is_drawn_beyond_the_last_that_is_wanted():
    drawn = iter(batches(3, 2))
    list(numbered(drawn, 3))
    assert len(next(drawn)) == 2


def test_the_memory_of_the_flow_is_not_written_to():
    own = batches(3)
    assert next(numbered(iter(own), 3))["number"].tolist() == [1, 2, 3]
    assert own[0]["number"].tolist() == [0, 0, 0]


def test_all_in_one_array_even_when_there_are_none():
    assert first_commands(iter(batches(3, 2)), 4)["number"].tolist() == [1, 2, 3, 4]
    assert first_commands(iter([]), 4).dtype == COMMAND
