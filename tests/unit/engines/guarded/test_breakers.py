"""Breakers and repeated execution: at the limit trading goes on, one beyond it stops, and it comes back by the rule and not else."""

import pytest

from harness.base.controls import InstrumentControls, Rate
from harness.base.records import EventKind
from tests.fakes.guarded_session import account, open_to

TICKS = InstrumentControls(instrument=1, breaker_ticks=5, breaker_window_ns=100, pause_ns=50)
VOLUME = InstrumentControls(instrument=1, volume_max=20, breaker_window_ns=100, pause_ns=50)


def trade(price, qty=1, instrument=1):
    return f"S {price}x{qty} #901 a8 i{instrument}; B {price}x{qty} #902 a9 i{instrument}"


def halts(stage, lines):
    return stage.says(lines).count("halted")


@pytest.mark.parametrize(
    ("controls", "lines", "count"),
    [
        (TICKS, f"{trade(100)}; {trade(105)}", 0),
        (TICKS, f"{trade(100)}; {trade(106)}", 1),
        (TICKS, f"{trade(100)}; {trade(94)}", 1),
        (TICKS, f"{trade(100)}; {trade(97)}; {trade(102)}", 0),
        (TICKS, f"{trade(100)}; {trade(97)}; {trade(103)}", 1),
        (TICKS, f"{trade(-3)}; {trade(3)}", 1),
        (TICKS, f"{trade(100)}; {trade(106, instrument=2)}", 0),
        (TICKS, "S 100x1 #1 a8; S 105x1 #2 a8; B 105x2 #3 a9", 0),
        (TICKS, "S 100x1 #1 a8; S 106x1 #2 a8; B 106x2 #3 a9", 1),
        (TICKS, "S 100x1 #1 a8; S 106x1 #2 a8; B x1 #3 a9 @100; B 100x1 #4 a9", 1),
        (VOLUME, f"{trade(100, 10)}; {trade(200, 10)}", 0),
        (VOLUME, f"{trade(100, 10)}; {trade(100, 11)}", 1),
        (VOLUME, f"{trade(100, 10)}; {trade(100, 11, instrument=2)}", 0),
        (VOLUME, "S 100x15 #1 a8; S 100x6 #2 a8; B 100x21 #3 a9", 1),
    ],
)
def test_what_halts(controls, lines, count):
    stage = open_to(controls)
    assert halts(stage, lines) == count
    assert stage.refusal("B 1x1 #9 a8") == ("halted" if count else "")
    assert stage.refusal("B 1x1 #10 i2 a8") == ""


def test_a_halt_is_told_after_the_whole_cascade():
    stage = open_to(TICKS)
    stage.says("S 100x1 #1 a8; S 106x1 #2 a8; S 107x1 #5 a8; B x2 #3 a9 @100")
    rows = stage.rows("B 100x1 #4 a9")
    assert [EventKind(row.kind).name for row in rows] == ["ACCEPTED", "TRADE", "TRIGGERED", "TRADE", "TRADE", "HALTED"]
    assert (rows[-1].instrument, rows[-1].order, rows[-1].command) == (1, 0, 1)


def test_the_window_of_a_breaker():
    stage = open_to(TICKS)
    stage.says(trade(100))
    stage.clock.time_ns = 99
    assert halts(stage, trade(106)) == 1
    stage = open_to(TICKS)
    stage.says(trade(100))
    stage.clock.time_ns = 100
    assert halts(stage, trade(106)) == 0
    assert halts(stage, trade(112)) == 1


def test_a_pause_ends_with_the_first_input_at_its_end_before_that_is_carried_out():
    stage = open_to(TICKS)
    stage.says("B 90x3 #1 a8; B 90x4 #2 a9")
    stage.clock.time_ns = 10
    assert halts(stage, f"{trade(100)}; {trade(106)}") == 1
    stage.clock.time_ns = 59
    assert stage.refusal("S 90x2 #3 a8") == "halted"
    stage.clock.time_ns = 60
    rows = stage.rows("S 90x4 #3 a8")
    assert [EventKind(row.kind).name for row in rows] == ["RESUMED", "ACCEPTED", "TRADE", "TRADE"]
    assert rows[0].engine_ns == 60
    assert [row.maker for row in rows[2:]] == [1, 2], "who rested kept the place"


def test_the_windows_begin_anew_at_the_resumption():
    stage = open_to(TICKS, account())
    stage.says(f"{trade(100)}; {trade(106)}")
    stage.clock.time_ns = 50
    assert stage.told("tick", order=0) == "resumed; done, 0 orders"
    assert halts(stage, trade(111)) == 0, "within 100 ns of the trades before the pause"
    assert halts(stage, trade(117)) == 1


def test_several_pauses_end_in_the_order_in_which_instruments_are_declared():
    two = InstrumentControls(instrument=2, breaker_ticks=5, breaker_window_ns=100, pause_ns=40)
    stage = open_to(two, TICKS)
    stage.says(f"{trade(100)}; {trade(106)}; {trade(100, instrument=2)}; {trade(106, instrument=2)}")
    stage.clock.time_ns = 45
    assert stage.refusal("B 1x1 #8 a8") == "halted"
    assert stage.refusal("B 1x1 #8 i2 a8") == ""
    stage.says(f"{trade(106, instrument=2)}; {trade(112, instrument=2)}")
    stage.clock.time_ns = 90
    assert [(row.kind, row.instrument) for row in stage.asks("tick")][:2] == [
        (EventKind.RESUMED, 1),
        (EventKind.RESUMED, 2),
    ]


def test_an_operator_takes_over_a_pause_and_may_end_one():
    stage = open_to(TICKS)
    stage.says(f"{trade(100)}; {trade(106)}")
    stage.asks("halt", instrument=1)
    stage.clock.time_ns = 10_000
    assert stage.refusal("B 1x1 #9 a8") == "halted"
    stage.asks("resume", instrument=1)
    assert halts(stage, f"{trade(100)}; {trade(106)}") == 1
    assert stage.told("resume", instrument=1) == "resumed #77"
    assert stage.refusal("B 1x1 #9 a8") == ""
    stage.clock.time_ns = 20_000
    assert "resumed" not in stage.told("tick"), "the pause is over and has no end to come"


def test_what_trades_during_a_halt_halts_nothing():
    """A cancel moves the quote that a stop looks at, and so trades while the instrument is halted."""
    stage = open_to(VOLUME)
    stage.engine.engine.conventions = type(stage.engine.engine.conventions)(stop_trigger="quote")
    stage.says("S 100x9 #1 a8; S 110x30 #2 a8; B x30 #3 a9 @105")
    stage.asks("halt", instrument=1)
    assert stage.says("cancel #1 a8").count("trade") == 1
    assert stage.told("resume", instrument=1) == "resumed #77"
    assert halts(stage, trade(100, 20)) == 0


REPEATS = Rate(most=3, window_ns=100)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("S 100x9 #1 a8; B 100x1 #2; B 100x1 #3", ""),
        ("S 100x9 #1 a8; B 100x1 #2; B 100x1 #3; B 100x1 #4", "risk disabled"),
        ("S 100x9 #1 a8; B 100x1 #2; B 100x1 #3; B 99x5 #4; S 99x1 #5 a8; S 99x1 #6 a8", ""),
        ("S 100x9 #1 a8; B 100x1 #2; B 100x1 #3; B 99x5 #4 a8; S 99x1 #5", ""),
        ("S 100x9 #1 a8; B 100x1 #2; B 100x1 #3; S 100x9 #4 a8 i2; B 100x1 #5 i2", ""),
        ("S 100x1 #1 a8; S 100x1 #2 a8; S 100x1 #3 a8; B 100x5 #4", "risk disabled"),
        ("S 100x1 #1 a8; S 100x9 #2 a8; B x1 #5 @100; B 100x1 #6; B 100x1 #7", "risk disabled"),
    ],
)
def test_repeated_execution(lines, reason):
    stage = open_to(account(repeats=REPEATS))
    stage.says(lines)
    assert stage.refusal("B 1x1 #9") == reason
    assert stage.refusal("B 1x1 #10 a8") == ""


def test_repeats_within_their_window_and_by_one_command():
    stage = open_to(account(repeats=REPEATS))
    stage.says("S 100x9 #1 a8; B 100x1 #2; B 100x1 #3")
    stage.clock.time_ns = 100
    stage.says("B 100x1 #4")
    assert stage.refusal("B 99x1 #5") == ""
    assert stage.says("B 100x2 #6").count("trade") == 1
    assert stage.says("cancel #5") == "canceled 1 of #5 (user), 0 left"
    assert stage.refusal("B 100x1 #7") == ""
    assert stage.refusal("B 99x1 #8") == "risk disabled"
    stage.clock.time_ns = 10_000
    assert stage.refusal("B 99x1 #8", session=5) == "risk disabled", "neither time nor another session takes it back"


def test_it_stays_disabled_until_it_is_enabled_by_name_and_counts_anew_then():
    stage = open_to(account(repeats=REPEATS))
    stage.says("S 100x9 #1 a8; B 98x1 #5; B 100x1 #2; B 100x1 #3; B 100x1 #4")
    stage.asks("enable", target=1)
    assert stage.refusal("replace #5 #5 97x1") == "risk disabled"
    assert stage.refusal("cancel #5") == ""
    stage.asks("enable", account=1)
    assert stage.refusal("B 100x1 #6; B 100x1 #7; B 99x1 #8") == ""
    assert stage.refusal("B 100x1 #9; B 99x1 #10") == "risk disabled"
