"""The real clock: it goes forward, and waiting reaches the time and not much more."""

from harness.base.clock import MonotonicClock


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
