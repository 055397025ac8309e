"""The real clocks: they go forward, waiting reaches the time and not much more, and several processes can count from one moment."""

import time

from harness.base.clock import CommonClock, MonotonicClock


def test_waiting_reaches_the_time():
    clock = MonotonicClock()
    for wait_ns in (0, 50_000, 2_000_000):
        due_ns = clock.now_ns() + wait_ns
        clock.wait_until(due_ns)
        assert clock.now_ns() >= due_ns


def test_a_time_that_is_over_is_not_waited_for():
    clock = MonotonicClock()
    before_ns = clock.now_ns()
    clock.wait_until(before_ns - 10**12)
    assert clock.now_ns() - before_ns < 10**12


def test_clocks_that_count_from_one_time_of_day_agree():
    """Each is as far off as it took to set it, at the most."""
    begin_ns = time.time_ns() + 10**9
    for _ in range(3):
        clock, off_ns = CommonClock(), -time.perf_counter_ns()
        clock.count_from(begin_ns)
        off_ns += time.perf_counter_ns()
        before_ns = time.time_ns() - begin_ns
        now_ns = clock.now_ns()
        after_ns = time.time_ns() - begin_ns
        assert before_ns - off_ns <= now_ns <= after_ns + off_ns


def test_before_the_time_that_it_counts_from_it_is_below_0():
    clock = CommonClock()
    clock.count_from(time.time_ns() + 3_600 * 10**9)
    assert clock.now_ns() < 0
    clock.count_from(time.time_ns() - 3_600 * 10**9)
    assert clock.now_ns() >= 3_600 * 10**9, "it may lie behind too"
