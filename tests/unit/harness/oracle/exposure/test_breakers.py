"""When an instrument must halt, with the numbers, and when its pause is over."""

from harness.base.controls import InstrumentControls, LimitCode
from harness.oracle.exposure.breakers import Breakers
from harness.oracle.exposure.holders import Holders
from tests.fakes.told import BOUNDS, held

CONTROLS = held(
    InstrumentControls(instrument=2, breaker_ticks=5, volume_max=10, breaker_window_ns=10, pause_ns=20),
    InstrumentControls(instrument=1, pause_ns=5),
)


def breakers():
    return Breakers(Holders(BOUNDS, CONTROLS))


def test_both_reasons_are_told():
    made = breakers()
    made.traded(2, 100, 5, 1)
    made.traded(2, 105, 5, 2)
    assert [*made.why_halt(2, 2)] == []
    made.traded(2, 94, 1, 3)
    assert [*made.why_halt(2, 3)] == [
        "its trades lie 11 ticks apart, from 94 to 105; at most 5", "11 lots traded within its window; at most 10",
    ]  # fmt: skip
    assert [*made.why_halt(2, 13)] == []


def test_what_has_no_limit_never_halts_and_what_is_not_known_is_passed_over():
    made = breakers()
    made.traded(1, 1, 500, 1)
    made.traded(1, 900, 500, 1)
    made.traded(9, 900, 500, 1)
    assert [*made.why_halt(1, 1)] == []


def test_a_pause_is_over_at_its_end():
    made = breakers()
    made.halted(2, 100)
    made.halted(1, 115)
    assert [made.due(at) for at in (119, 120)] == [[], [1, 2]]
    made.halted_by_operator(1)
    made.resumed(2)
    assert made.due(1_000) == []


def test_the_windows_begin_anew_when_it_resumes():
    made = breakers()
    made.traded(2, 100, 10, 1)
    made.resumed(2)
    made.traded(2, 106, 1, 2)
    assert [*made.why_halt(2, 2)] == []


def test_a_limit_that_is_taken_away_forgets():
    made = breakers()
    holders = Holders(BOUNDS, CONTROLS)
    made = Breakers(holders)
    made.traded(2, 100, 10, 1)
    for code in (LimitCode.BREAKER_TICKS, LimitCode.VOLUME_MAX):
        holders.instruments[2].change(code, 0)
        holders.instruments[2].change(code, 1)
    made.traded(2, 110, 1, 2)
    assert [*made.why_halt(2, 2)] == []
