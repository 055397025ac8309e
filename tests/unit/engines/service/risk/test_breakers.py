"""Breakers: halted at one beyond the limit and not at it, for as long as the pause, with windows that begin anew."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.service.risk.layout import Room
from harness.base.controls import Controls, InstrumentControls, LimitCode
from tests.fakes.risk_session import RiskSession


def watched(room=Room(), **limits):  # noqa: B008 - a room is a tuple of numbers
    declared = InstrumentControls(instrument=1, **({"breaker_window_ns": 100, "pause_ns": 50} | limits))
    return RiskSession(Controls(instruments=(declared,)), room, stop_trigger="quote")


def trades(stage, price, qty=1):
    """What a trade at a price leads to besides."""
    told = stage.says(f"S {price}x{qty} #1 a8; B {price}x{qty} #2 a9")
    return "halted" in told


@pytest.mark.parametrize(
    ("limits", "prints", "halts"),
    [
        ({"breaker_ticks": 5}, [(100, 1), (105, 1)], False),
        ({"breaker_ticks": 5}, [(100, 1), (106, 1)], True),
        ({"breaker_ticks": 5}, [(100, 1), (103, 1), (97, 1)], True),
        ({"breaker_ticks": 5}, [(100, 1), (103, 1), (98, 1)], False),
        ({"breaker_ticks": 5}, [(-3, 1), (3, 1)], True),
        ({"volume_max": 10}, [(100, 4), (900, 6)], False),
        ({"volume_max": 10}, [(100, 4), (100, 7)], True),
        ({}, [(100, 50), (900, 50)], False),
    ],
)
def test_the_limits(limits, prints, halts):
    stage = watched(**limits)
    assert [trades(stage, *one) for one in prints] == [False] * (len(prints) - 1) + [halts]
    assert stage.refusal("B 1x1 #9") == ("halted" if halts else "")
    assert stage.refusal("B 1x1 #10 i2") == ""


@pytest.mark.parametrize(("stamp_ns", "halts"), [(99, True), (100, False)])
def test_a_window_ends_exactly(stamp_ns, halts):
    stage = watched(breaker_ticks=5, volume_max=10)
    trades(stage, 100, 6)
    stage.clock.time_ns = stamp_ns
    assert trades(stage, 110, 6) == halts


def test_a_sweep_is_looked_at_once_it_is_over():
    stage = watched(breaker_ticks=5)
    stage.says("S 100x1 #1 a8; S 103x1 #2 a8; S 106x1 #3 a8; B 99x1 #4 a8")
    told = stage.says("B 106x3 #5 a9")
    assert told.count("trade") == 3
    assert told.endswith("halted")
    assert stage.refusal("cancel #4 a8") == ""


def test_a_pause_ends_at_its_stamp_before_the_command_and_the_windows_begin_anew():
    stage = watched(breaker_ticks=5)
    trades(stage, 100)
    assert trades(stage, 106)
    stage.clock.time_ns = 49
    assert stage.refusal("B 1x1 #9") == "halted"
    stage.clock.time_ns = 50
    first, second, *_ = stage.rows("B 1x1 #9 i2")
    assert (first.kind, first.instrument, first.order, first.command, first.engine_ns) == (13, 1, 0, 1, 50)
    assert second.kind == 1
    assert not trades(stage, 90), "what was before the halt is forgotten"
    assert trades(stage, 96)


def test_a_pause_that_would_end_after_all_time_has_no_end():
    stage = watched(breaker_ticks=5, pause_ns=2**63 - 1)
    trades(stage, 100)
    stage.clock.time_ns = 50
    assert trades(stage, 106)
    stage.clock.time_ns = 2**62
    assert stage.refusal("B 1x1 #9") == "halted"


def test_several_are_told_in_the_order_in_which_they_are_declared():
    limits = [InstrumentControls(instrument=number, volume_max=1, pause_ns=5) for number in (2, 1)]
    stage = RiskSession(Controls(instruments=tuple(limits)), stop_trigger="quote")
    for number in (2, 1):
        stage.says(
            f"S 100x5 #{number}1 a8 i{number}; B x5 #{number}2 a9 i{number} @105; S 103x9 #{number}3 a7 i{number}"
        )
    told = stage.says("mass_cancel a8; B x5 #31 a9 i2 @103; B x5 #32 a9 @103")
    assert told.count("halted") == 2
    told = stage.rows("cancel #99")
    assert [event.instrument for event in told if event.kind == 13] == []
    stage.clock.time_ns = 5
    assert [event.instrument for event in stage.rows("cancel #99") if event.kind == 13] == [1, 2]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from([0, 1, 3, 40, 120]), st.integers(90, 110), st.integers(1, 9)), max_size=120),
    st.integers(1, 12), st.integers(5, 60),
)  # fmt: skip
def test_beside_a_list_of_all_trades(prints, ticks, lots):
    """The two lists of prices and the sum of lots, with stamps that come again and windows that end in between."""
    stage, seen = watched(breaker_ticks=ticks, volume_max=lots, pause_ns=0), []
    for step_ns, price, qty in prints:
        stage.clock.time_ns += step_ns
        now_ns = stage.clock.time_ns
        seen = [one for one in [*seen, (now_ns, price, qty)] if one[0] > now_ns - 100]
        prices = [one[1] for one in seen]
        wanted = max(prices) - min(prices) > ticks or sum(one[2] for one in seen) > lots
        assert trades(stage, price, qty) == wanted
        seen = [] if wanted else seen


def test_what_could_not_be_remembered_is_refused():
    stage = watched(Room(prints=16), volume_max=1_000, breaker_window_ns=1_000)
    stage.says("S 100x50 #1 a8")
    for stamp_ns in range(16):
        stage.clock.time_ns = stamp_ns
        assert stage.refusal(f"B 100x1 #{stamp_ns + 2} a9") == ""
    assert stage.refusal("B 100x1 #99 a9") == "exhausted"
    assert stage.refusal("B 100x1 #98 a9 i2") == ""
    stage.clock.time_ns = 1_000
    assert stage.refusal("B 100x1 #99 a9") == ""


def test_a_limit_that_was_none_counts_from_where_it_is_set():
    stage = watched(volume_max=1_000)
    trades(stage, 100)
    stage.asks("limit", instrument=1, type=LimitCode.BREAKER_TICKS, qty=5)
    assert not trades(stage, 110)
    assert trades(stage, 104)


@pytest.mark.parametrize("step", [1, -1])
def test_prices_that_only_rise_or_fall_fill_one_of_the_lists(step):
    stage = watched(Room(prints=16), breaker_ticks=1_000, breaker_window_ns=1_000)
    for stamp_ns in range(16):
        stage.clock.time_ns = stamp_ns
        assert not trades(stage, 100 + step * stamp_ns)
    assert stage.refusal("B 1x1 #99 a9") == "exhausted"


def test_a_window_that_begins_anew_is_empty():
    stage = watched(volume_max=10, breaker_ticks=500)
    assert trades(stage, 100, 11)
    stage.asks("resume", instrument=1)
    assert not trades(stage, 100, 10)
    assert trades(stage, 100, 1)


def test_to_take_one_limit_away_leaves_the_window_of_the_other():
    stage = watched(volume_max=10, breaker_ticks=500)
    for stamp_ns in (0, 100):
        stage.clock.time_ns = stamp_ns
        assert not trades(stage, 100, 6)
    stage.asks("limit", instrument=1, type=LimitCode.BREAKER_TICKS, qty=0)
    assert not trades(stage, 900, 4)
    assert trades(stage, 100, 1)


def test_a_halt_holds_where_nothing_else_is_declared():
    stage = RiskSession(Controls())
    for _ in range(2):
        stage.asks("halt", instrument=1)
        assert stage.refusal("B 1x1 #1") == "halted"
        assert stage.refusal("B 1x1 #2 i2; cancel #2 i2") == ""
    for _ in range(2):
        stage.asks("resume", instrument=1)
        assert stage.counters["shut"] == 0
    assert stage.refusal("B 1x1 #1") == ""
