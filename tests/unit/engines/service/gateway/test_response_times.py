"""Commands that came together or apart, answered together or apart."""

from engines.service.gateway.response_times import ResponseTimes


class Noted:
    def __init__(self):
        self.durations = []

    def add(self, duration_ns, times):
        self.durations.append((duration_ns, times))


def noted():
    times = ResponseTimes()
    times.durations = Noted()
    return times, times.durations.durations


def test_each_read_is_answered_from_when_it_came():
    times, found = noted()
    times.came(3, 100)
    times.came(2, 150)
    times.answered(5, 200)
    assert found == [(100, 3), (50, 2)]


def test_a_read_may_be_answered_in_parts():
    times, found = noted()
    times.came(10, 100)
    times.answered(4, 110)
    times.answered(4, 120)
    times.came(1, 125)
    times.answered(11, 130)
    assert found == [(10, 4), (30, 6), (5, 1)]


def test_a_read_without_a_command_is_none():
    times, found = noted()
    times.came(0, 100)
    times.answered(0, 110)
    assert found == []
    assert not times._open
