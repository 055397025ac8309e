"""The warm-up: left out by due time, whatever the stretches, and by nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from harness.base.records import NONE, events_of
from harness.evidence.fold import Segment
from harness.evidence.warm_up import WarmUp
from tests.fakes.journaled import answers, commands

MS = 1_000_000


def stretches(count, cut, begin_ns=0):
    """One command a millisecond, each answered in its own stretch."""
    made = commands(1, count)
    made["due_ns"] = begin_ns + np.arange(count) * MS
    return [Segment(made[at : at + cut], answers(at + 1, min(cut, count - at))) for at in range(0, count, cut)]


@pytest.mark.parametrize("cut", [1, 7, 100])
@pytest.mark.parametrize("begin_ns", [0, 3_600 * 10**9])
def test_what_is_due_after_it_is_given(cut, begin_ns):
    warm_up = WarmUp(30 * MS)
    given = [warm_up.of(one) for one in stretches(100, cut, begin_ns)]
    assert np.concatenate([one.commands["number"] for one in given]).tolist() == list(range(31, 101))
    assert sum(len(one.events) for one in given) == 100


def test_without_one_the_same_stretch_goes_through():
    (whole,) = stretches(10, 10)
    assert WarmUp(0).of(whole) is whole


def test_what_has_no_due_time_is_no_part_of_it():
    (whole,) = stretches(10, 10)
    whole.commands["due_ns"] = NONE
    assert len(WarmUp(30 * MS).of(whole).commands) == 10
    warm_up = WarmUp(30 * MS)
    assert len(warm_up.of(Segment(whole.commands[:0], events_of([]))).commands) == 0
    (later,) = stretches(40, 40)
    later.commands["due_ns"][:5] = NONE
    assert warm_up.of(later).commands["number"].tolist() == [*range(1, 6), *range(36, 41)], (
        "counted from the first due time"
    )
