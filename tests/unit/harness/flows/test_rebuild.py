"""The rebuilt book of a recorded day: by hand-made records, by the made-up day, and by a real one where the data are there."""

from datetime import UTC, datetime

from harness.flows._rebuild import rebuild
from harness.wire.mbo_csv import read
from tests.fakes.days import ESH4, day, needs_esh4
from tests.fakes.make_day import made_up_day


def test_rebuild_counts_what_does_not_fit():
    rebuilt = rebuild(
        day("""
        A B 100 5 #1
        A B 100 5 #1
        C B 100 9 #1
        C B 100 1 #1
        M A 101 2 #7
        """)
    )
    assert (rebuilt.duplicates, rebuilt.over_cancels, rebuilt.unknown, rebuilt.live) == (1, 1, 2, 0)
    assert rebuilt.live_max == 1
    assert rebuilt.best_bid_1e9 is None


def test_rebuild_sees_the_crossed_book_and_the_open_behind_it():
    rebuilt = rebuild(
        day("""
        A B 102 5 #1
        A A 101 3 #2
        T N 101 3 #0 +
        C A 101 3 #2 +
        M B 101 2 #1
        A A 103 1 #3
        """)
    )
    assert (rebuilt.event_ends, rebuilt.crossed_ends, rebuilt.crossed_after_open) == (4, 1, 0)
    assert (rebuilt.crossed_first_ns, rebuilt.crossed_last_ns) == (2, 2)
    assert rebuilt.open_row == 5
    assert (rebuilt.best_bid_1e9, rebuilt.best_ask_1e9) == (101 * 10**9, 103 * 10**9)
    assert (rebuilt.trades, rebuilt.contracts) == (1, 3)


def test_rebuild_takes_prices_below_zero():
    rebuilt = rebuild(day("A B -5 1 #1\nA B -3 1 #2\nA A -2 1 #3\nA A 4 1 #4"))
    assert (rebuilt.best_bid_1e9, rebuilt.best_ask_1e9) == (-3 * 10**9, -2 * 10**9)


def test_the_made_up_day_is_consistent():
    rebuilt = rebuild(made_up_day())
    assert (rebuilt.unknown, rebuilt.duplicates, rebuilt.over_cancels) == (0, 0, 0)
    assert rebuilt.crossed_ends > 0
    assert rebuilt.crossed_after_open == 0


@needs_esh4
def test_the_real_day_rebuilds_exactly():
    rebuilt = rebuild(read(ESH4))
    assert (rebuilt.unknown, rebuilt.duplicates, rebuilt.over_cancels) == (0, 0, 0)
    assert (rebuilt.live, rebuilt.live_max) == (11_217, 11_237)
    assert (rebuilt.best_bid_1e9, rebuilt.best_ask_1e9) == (4_810_000_000_000, 4_810_250_000_000)
    assert (rebuilt.event_ends, rebuilt.crossed_ends, rebuilt.crossed_after_open) == (47_022, 891, 0)
    assert (rebuilt.trades, rebuilt.contracts) == (2_973, 9_892)
    times = [
        datetime.fromtimestamp(ns // 10**9, UTC).strftime("%H:%M:%S")
        for ns in (rebuilt.crossed_first_ns, rebuilt.crossed_last_ns)
    ]
    assert times == ["22:39:55", "22:59:59"]
