"""Bundles go when they are full or old; nothing is lost, doubled or moved."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.service.bundles import Bundler
from harness.base.records import EVENT


class Clock:
    now_ns = 0

    def __call__(self):
        return self.now_ns


def events(first, count):
    made = np.zeros(count, EVENT)
    made["engine_seq"] = np.arange(first, first + count)
    return made


def test_only_full_bundles_go_while_the_rest_is_young():
    clock = Clock()
    bundler = Bundler(4, 100, clock)
    bundler.add(events(1, 10))
    assert bundler.take()["engine_seq"].tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert bundler.due_in_ns() == 100
    clock.now_ns = 99
    assert len(bundler.take()) == 0
    clock.now_ns = 100
    assert bundler.take()["engine_seq"].tolist() == [9, 10]
    assert bundler.due_in_ns() is None
    assert (bundler.counts.events_in, bundler.counts.events_out, bundler.counts.bundles) == (10, 10, 3)


def test_a_flush_leaves_nothing():
    bundler = Bundler(4, 10**9, Clock())
    bundler.add(events(1, 3))
    assert len(bundler.take()) == 0
    assert len(bundler.take(flush=True)) == 3
    assert len(bundler.take(flush=True)) == 0


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 60)), max_size=40), st.integers(1, 6))
def test_what_goes_out_is_what_came_in(steps, most):
    clock, number, out = Clock(), 1, []
    bundler = Bundler(most, 50, clock)
    for count, later_ns in steps:
        bundler.add(events(number, count))
        number += count
        clock.now_ns += later_ns
        out += bundler.take()["engine_seq"].tolist()
    out += bundler.take(flush=True)["engine_seq"].tolist()
    assert out == list(range(1, number))
    assert bundler.counts.events_in == bundler.counts.events_out == number - 1


def test_what_goes_out_holds_no_chance_bytes():
    bundler = Bundler(1, 0, Clock())
    bundler.add(events(1, 2))
    bundler.add(events(3, 2))
    assert bundler.take().tobytes() == events(1, 4).tobytes()


@pytest.mark.parametrize(("most", "oldest_ns"), [(0, 1), (1, -1)])
def test_a_bundle_has_room_and_an_age(most, oldest_ns):
    with pytest.raises(ValueError, match="wanted 1 or more"):
        Bundler(most, oldest_ns, Clock())
