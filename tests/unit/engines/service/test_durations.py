"""A duration counts in the class whose bound it does not exceed."""

from engines.service.durations import BOUNDS_NS, Durations


def test_a_duration_on_a_bound_belongs_below_it_and_one_beyond_all_to_the_last():
    durations = Durations()
    for duration_ns in (0, BOUNDS_NS[0], BOUNDS_NS[0] + 1, BOUNDS_NS[-1] + 1):
        durations.add(duration_ns)
    durations.add(BOUNDS_NS[2], times=5)
    assert durations.counts == [2, 1, 5] + [0] * (len(BOUNDS_NS) - 3) + [1]
    assert durations.sum_ns == 2 * BOUNDS_NS[0] + 1 + 5 * BOUNDS_NS[2] + BOUNDS_NS[-1] + 1


def test_the_bounds_rise_and_hold_the_tenth_of_a_second_that_alerts_ask_about():
    assert list(BOUNDS_NS) == sorted(set(BOUNDS_NS))
    assert 100_000_000 in BOUNDS_NS
