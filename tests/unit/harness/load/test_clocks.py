"""Offsets of clocks: NTP's formula against exchanges whose ways are known, the best of several, and what is told of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.evidence.load_file import CAVEAT_NS, ClockRecord
from harness.load.clocks import MARGIN_NS, Reading, Readings, margin_ns, nearest, reading

WAYS = st.integers(0, 10**9)


def exchanged(ahead_ns, there_ns, held_ns, back_ns, asked_ns=10**18):
    """One exchange with a clock that is so far ahead, over two ways and what the other took between."""
    received_ns = asked_ns + there_ns + ahead_ns
    heard_ns = asked_ns + there_ns + held_ns + back_ns
    return reading(asked_ns, received_ns, received_ns + held_ns, heard_ns)


@pytest.mark.parametrize("ahead_ns", [0, 7_000, -86_400 * 10**9])
def test_ways_of_one_length_give_the_offset_itself(ahead_ns):
    assert exchanged(ahead_ns, 500, 90, 500) == Reading(ahead_ns, 500)


def test_the_four_times_of_the_standard_give_its_offset_and_half_of_its_delay():
    # theta = ((T2 - T1) + (T3 - T4)) / 2, delta = (T4 - T1) - (T3 - T2).
    assert reading(100, 250, 260, 130) == Reading(((250 - 100) + (260 - 130)) // 2, ((130 - 100) - (260 - 250)) // 2)


@given(ahead_ns=st.integers(-(10**12), 10**12), there_ns=WAYS, held_ns=WAYS, back_ns=WAYS)
def test_however_uneven_the_ways_are_it_is_known_to_half_of_the_round_trip(ahead_ns, there_ns, held_ns, back_ns):
    found = exchanged(ahead_ns, there_ns, held_ns, back_ns)
    assert found.half_trip_ns == (there_ns + back_ns) // 2
    assert abs(found.offset_ns - ahead_ns) <= found.half_trip_ns + 1


def test_of_several_the_shortest_is_believed():
    held_up, quick = exchanged(1_000, 10**9, 5, 20), exchanged(1_000, 40, 5, 60)
    assert nearest([held_up, quick, held_up]) == quick


def test_a_clock_that_seems_to_answer_before_it_was_asked_is_known_exactly_and_no_better():
    assert reading(100, 100, 160, 150).half_trip_ns == 0


def test_what_is_told_is_the_offset_before_and_how_far_the_clock_went_since():
    before = Readings(day=Reading(5_000, 70), steady=Reading(-900_000, 60))
    assert before.record(Reading(-899_000, 90)) == ClockRecord(offset_ns=5_000, doubt_ns=70, drift_ns=1_000)


def test_stamps_may_differ_by_twice_what_is_not_known_and_by_no_less_than_the_least():
    near, far = (
        ClockRecord(offset_ns=9, doubt_ns=1_000, drift_ns=-500),
        ClockRecord(offset_ns=9, doubt_ns=10**7, drift_ns=-(10**6)),
    )
    assert margin_ns([]) == 0, "one machine has one clock"
    assert margin_ns([near]) == MARGIN_NS
    assert margin_ns([near, far]) == 22_000_000
    assert MARGIN_NS > 2 * CAVEAT_NS
