"""A breach tells what had to come, what came, and the state by which it was judged."""

from __future__ import annotations

from harness.base.records import EventKind
from harness.base.words import say_event
from tests.fakes.verified import at, breaches, lacks

SWEEP = "S 100x5 #1; S 101x6 #2; B 90x1 #9; B x3 #8 @150; B 101x7 #4 a2"


def test_an_event_that_may_not_come():
    (breach,) = breaches(SWEEP, at(8, maker=2))
    assert say_event(breach.wanted) == "trade #4 with #1 at 100 x 5, 2 left"
    assert say_event(breach.came) == "trade #4 with #2 at 100 x 5, 2 left"
    assert (breach.number, breach.command.order) == (5, 4)
    assert breach.state == (
        "#4 comes in with 7 open; #1 rests at 100 with 5 open; #2 rests at 101 with 6 open; "
        "best bid 90, in front #9 with 1 open; best offer 100, in front #1 with 5 open"
    )


def test_what_is_missing():
    (breach,) = breaches(SWEEP, lacks(9))
    assert (breach.came, say_event(breach.wanted)) == (None, "trade #4 with #2 at 101 x 2, 0 left")
    (whole,) = breaches(f"{SWEEP}; cancel #9; cancel #9", lacks(10))
    assert (whole.code.name, whole.number, say_event(whole.wanted)) == (
        "UNANSWERED",
        6,
        "canceled 1 of #9 (user), 0 left",
    )


def test_ids_are_told_unsigned_and_what_is_not_live_is_told():
    lines = f"S 100x5 #{2**64 - 2}; cancel #{2**64 - 2} x1; cancel #3"
    (breach,) = breaches(lines, at(2, order=2**64 - 1))
    assert (breach.wanted.order, breach.came.order) == (2**64 - 2, 2**64 - 1)
    assert breach.state == (
        f"#{2**64 - 2} rests at 100 with 5 open; #{2**64 - 1} is not live; no bid; best offer 100, in front #{2**64 - 2} with 5 open"
    )


def test_a_stop_that_waits_is_told_as_such():
    (breach,) = breaches(f"{SWEEP}; cancel #8", at(10, qty=1))
    assert breach.state.startswith("#8 waits with 3 open")


def test_nothing_had_to_come():
    (breach,) = breaches("S 100x5 #1; S 101x6 #2", lambda events: [*events[:2], events[1], *events[2:]])
    assert (breach.wanted, breach.came.kind, breach.code.name) == (None, EventKind.RESTED, "NOTHING_LEFT")
