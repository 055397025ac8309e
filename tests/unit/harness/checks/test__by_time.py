"""Latencies over time: in the right window, whatever comes when, and never more windows than a picture has room for."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.checks import _by_time
from harness.checks._by_time import MOST, NARROWEST_NS, ByTime

MS = 1_000_000
S = 1_000_000_000


def rows(*batches: tuple[list[int], list[int]]) -> list[tuple[float, ...]]:
    by_time = ByTime()
    for due_ns, took_ns in batches:
        by_time.record(np.array(due_ns, np.int64), np.array(took_ns, np.int64))
    return list(by_time.series("response").rows)


def test_a_window_tells_its_quantiles_by_rank_and_its_maximum_exactly():
    [(start_ns, *told)] = rows(([7 * S] * 1_000, list(range(1_000, 1_001_000, 1_000))))
    assert start_ns == 7 * S
    assert told == pytest.approx([500_000, 900_000, 990_000, 1_000_000], rel=0.008)
    assert told[-1] == 1_000_000
    assert all(value >= exact for value, exact in zip(told, (500_000, 900_000, 990_000), strict=False))


def test_nothing_recorded_is_no_row():
    assert rows() == []
    assert rows(([], [])) == []


@pytest.mark.parametrize("took_ns", [0, 1, 255, 2**62])
def test_equal_values_are_told_as_they_are(took_ns):
    assert rows(([0] * 9, [took_ns] * 9)) == [(0, took_ns, took_ns, took_ns, took_ns)]


def test_an_answer_before_its_due_time_took_no_time():
    assert rows(([0], [-5])) == [(0, 0, 0, 0, 0)]


def test_a_window_without_a_command_is_left_out():
    assert [row[0] for row in rows(([0, 300 * MS], [1, 1]))] == [0, 300 * MS]


def test_windows_double_so_that_they_reach():
    due_ns = [second * S for second in range(60)]
    told = rows((due_ns, list(range(60))))
    assert {row[0] % (400 * MS) for row in told} == {0}
    assert [row[-1] for row in told] == list(range(60))
    assert 60 * S / (400 * MS) < MOST


def test_two_windows_that_become_one_keep_the_counts_of_both():
    slow_later = ([0] * 60 + [NARROWEST_NS] * 40, [10] * 60 + [20] * 40)
    told = rows(slow_later, ([MOST * NARROWEST_NS], [5]))
    assert told == [(0, 10, 20, 20, 20), (MOST * NARROWEST_NS, 5, 5, 5, 5)]


@pytest.mark.parametrize(("last", "width_ns"), [(MOST - 1, NARROWEST_NS), (MOST, 2 * NARROWEST_NS)])
def test_windows_are_as_narrow_as_reaches(last, width_ns):
    told = rows(([window * NARROWEST_NS for window in range(last + 1)], [1] * (last + 1)))
    assert [row[0] for row in told] == list(range(0, last * NARROWEST_NS + 1, width_ns))


def test_a_day_has_as_many_rows_as_a_picture_has_room_for():
    due_ns = np.arange(0, 86_400 * S, S // 2)
    told = rows(*((part.tolist(), [MS] * len(part)) for part in np.array_split(due_ns, 50)))
    assert MOST / 2 < len(told) <= MOST
    widths = {later[0] - earlier[0] for earlier, later in pairwise(told)}
    assert widths == {NARROWEST_NS * 2**12}


def test_what_is_due_before_all_others_still_has_its_window():
    late_first = rows(([5 * S, 6 * S], [3, 4]), ([0, 100 * MS], [1, 2]))
    assert late_first == rows(([0, 100 * MS, 5 * S, 6 * S], [1, 2, 3, 4]))


@given(
    st.lists(st.tuples(st.integers(0, 3_000 * S), st.integers(0, 10 * S), st.integers(0, 3)), min_size=1, max_size=60),
)
def test_neither_order_nor_batches_change_what_is_told(values):
    whole = rows(([due for due, _, _ in values], [took for _, took, _ in values]))
    parts = [[(due, took) for due, took, part in values if part == one] for one in range(4)]
    assert rows(*(([due for due, _ in part], [took for _, took in part]) for part in parts)) == whole


def test_memory_does_not_grow():
    by_time = ByTime()
    before = by_time._counts.nbytes
    for hour in range(20):
        due_ns = np.arange(1_000, dtype=np.int64) * S + hour * 3_600 * S
        by_time.record(due_ns, np.full(1_000, hour, np.int64))
    assert by_time._counts.nbytes == before == MOST * _by_time.BUCKETS * 8
    assert sum(map(len, by_time.series("x").rows)) <= 5 * MOST
