"""No stamp before the calibration; after it the calendar's time, whatever the calendar does then."""

import time

import pytest

from engines.service.operations.clock import LOOKS, NotCalibratedError, ServiceClock


class Calendar:
    """Two clocks that a test turns: the calendar runs 1,000 ns ahead of the monotonic one."""

    def __init__(self, costs_ns):
        self.time_ns = self.looks = 0
        self.costs_ns = costs_ns
        self.ahead_ns = 1_000

    def monotonic_ns(self):
        return self.time_ns

    def calendar_ns(self):
        cost_ns = self.costs_ns[self.looks % len(self.costs_ns)]
        self.looks += 1
        # Half of the look passes before the calendar is read and, by an interruption, all the rest after it.
        self.time_ns += cost_ns
        return self.time_ns + self.ahead_ns - cost_ns


def clock_of(calendar):
    return ServiceClock(calendar.monotonic_ns, calendar.calendar_ns)


def test_to_ask_before_the_calibration_is_an_error():
    with pytest.raises(NotCalibratedError, match="before it was calibrated"):
        ServiceClock().now_ns()


def test_a_second_calibration_is_an_error_since_stamps_would_jump():
    clock = ServiceClock()
    clock.calibrate()
    with pytest.raises(NotCalibratedError, match="already"):
        clock.calibrate()


def test_the_closest_look_counts_and_interrupted_ones_do_not():
    calendar = Calendar([10_000, 2, 500])
    clock = clock_of(calendar)
    assert clock.calibrate() == 2
    assert calendar.looks == LOOKS
    assert abs(clock.now_ns() - (calendar.time_ns + 1_000)) <= 1


def test_after_it_the_calendar_may_be_set_back_without_effect():
    calendar = Calendar([0])
    clock = clock_of(calendar)
    clock.calibrate()
    calendar.ahead_ns = -(10**18)
    calendar.time_ns += 5
    assert clock.now_ns() == calendar.time_ns + 1_000


def test_the_real_one_tells_the_time_of_this_day_and_waits():
    clock = ServiceClock()
    clock.calibrate()
    before_ns = clock.now_ns()
    assert abs(before_ns - time.time_ns()) < 10**9
    clock.wait_until(before_ns + 1_000_000)
    assert clock.now_ns() >= before_ns + 1_000_000
