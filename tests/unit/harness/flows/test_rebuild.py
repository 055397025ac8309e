"""The rebuilt book of a recording: by hand-made records, by the made-up day, and by real ones where the data are there."""

from datetime import UTC, datetime

import pytest

from harness.base.records import NONE, Side
from harness.flows._rebuild import rebuild
from harness.wire import recording_bitfinex, recording_csv
from tests.fakes.days import BITFINEX, ESH4, day, needs_bitfinex, needs_esh4
from tests.fakes.make_day import PATH as MADE_UP_DAY


def counts(rebuilt):
    """What did not fit: unknown orders, duplicates, over-cancels, flips of the side."""
    book = rebuilt.end
    return book.unknown, book.duplicates, book.over_cancels, book.side_flips


def best(rebuilt):
    return rebuilt.end.best(Side.BUY), rebuilt.end.best(Side.SELL)


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
    assert counts(rebuilt) == (2, 1, 1, 0)
    assert (rebuilt.end.orders, rebuilt.live_max) == ({}, 1)
    assert best(rebuilt) == (None, None)


def test_an_order_never_changes_its_side():
    rebuilt = rebuild(day("A B 100 5 #1\nM A 99 5 #1\nC N none 1 #1"))
    assert counts(rebuilt) == (0, 0, 0, 1)
    assert rebuilt.end.orders[1] == (Side.BUY, 99, 4)


@pytest.mark.parametrize("size", [5, 0])
def test_a_cancel_without_a_size_takes_the_whole_order(size):
    assert rebuild(day(f"A B 100 5 #1\nC B 100 {size} #1")).end.orders == {}


def test_an_execution_is_a_trade_and_what_it_did_to_the_book():
    rebuilt = rebuild(day("A B 100 5 #1\nA A 101 2 #2\nE B 100 3 #1\nE A none 2 #2"))
    assert {order: resting.size for order, resting in rebuilt.end.orders.items()} == {1: 2}
    assert (rebuilt.trades, rebuilt.traded_lots, rebuilt.open_row) == (2, 5, 3)


def test_a_recording_without_trades_opens_with_its_first_uncrossed_book():
    assert rebuild(day("A B 102 5 #1 +\nA A 101 3 #2\nC A 101 3 #2\nA A 103 1 #3")).open_row == 3


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
    assert best(rebuilt) == (101, 103)
    assert (rebuilt.trades, rebuilt.traded_lots) == (1, 3)


def test_rebuild_takes_prices_below_zero():
    rebuilt = rebuild(day("A B -5 1 #1\nA B -3 1 #2\nA A -2 1 #3\nA A 4 1 #4"))
    assert best(rebuilt) == (-3, -2)


def test_the_made_up_day_is_consistent():
    rebuilt = rebuild(recording_csv.read(MADE_UP_DAY))
    assert counts(rebuilt) == (0, 0, 0, 0)
    assert rebuilt.crossed_ends > 0
    assert rebuilt.crossed_after_open == 0


@needs_esh4
def test_the_real_day_rebuilds_exactly():
    recording = recording_csv.read(ESH4)
    rebuilt = rebuild(recording)
    assert (recording.tick_1e9, recording.lot_1e9) == (250_000_000, 10**9)
    assert counts(rebuilt) == (0, 0, 0, 0)
    assert (len(rebuilt.end.orders), rebuilt.live_max) == (11_217, 11_237)
    assert best(rebuilt) == (4810 * 4, 4810 * 4 + 1)
    assert (rebuilt.event_ends, rebuilt.crossed_ends, rebuilt.crossed_after_open) == (47_022, 891, 0)
    assert (rebuilt.trades, rebuilt.traded_lots) == (2_973, 9_892)
    times = [
        datetime.fromtimestamp(ns // 10**9, UTC).strftime("%H:%M:%S")
        for ns in (rebuilt.crossed_first_ns, rebuilt.crossed_last_ns)
    ]
    assert times == ["22:39:55", "22:59:59"]


@needs_bitfinex
def test_the_real_dump_rebuilds_exactly():
    recording = recording_bitfinex.read(BITFINEX)
    rebuilt = rebuild(recording)
    assert (recording.tick_1e9, recording.lot_1e9) == (10, 10)
    assert counts(rebuilt) == (0, 0, 0, 0)
    assert rebuilt.live_max == 50
    sizes = {
        side: [order.size for order in rebuilt.end.orders.values() if order.side == side]
        for side in (Side.BUY, Side.SELL)
    }
    assert (len(sizes[Side.BUY]), sum(sizes[Side.BUY])) == (19, 2_93436563)
    assert (len(sizes[Side.SELL]), sum(sizes[Side.SELL])) == (19, 6_31362114)
    assert best(rebuilt) == (61391_00000000, 61405_27923706)
    assert (rebuilt.open_row, rebuilt.event_ends) == (50, 99_999)
    assert rebuilt.crossed_first_ns == NONE
