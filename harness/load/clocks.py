"""How far another machine's clock is off, by NTP's formula (RFC 5905, section 8): of some exchanges, the one whose round trip was the shortest.

An answer may be late on one way and not on the other, so an offset is known to half of its round trip and no better.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NamedTuple, TypeAlias

from harness.evidence.load_file import ClockRecord

EXCHANGES = 24
"""With each worker: one of them meets nobody else on its way."""
MARGIN_NS = 10_000_000
"""The least by which stamps of two machines may differ without an event being put before its command."""

ClockName: TypeAlias = Literal["day", "steady"]
"""Which clock is asked for: the time of day, by which a load begins, or the steady one by which it goes on."""
CLOCKS: Mapping[ClockName, Callable[[], int]] = {"day": time.time_ns, "steady": time.perf_counter_ns}


class Reading(NamedTuple):
    """One exchange."""

    offset_ns: int
    """By how much the other clock is ahead of this one."""
    half_trip_ns: int


class Readings(NamedTuple):
    """Both clocks of a worker, as they were before its load."""

    day: Reading
    steady: Reading

    def record(self, after: Reading) -> ClockRecord:
        """What is told of them, once the steady clock was asked again behind the load."""
        drift_ns = after.offset_ns - self.steady.offset_ns
        return ClockRecord(offset_ns=self.day.offset_ns, doubt_ns=self.day.half_trip_ns, drift_ns=drift_ns)


def reading(asked_ns: int, received_ns: int, said_ns: int, heard_ns: int) -> Reading:
    """The offset by the four times of an exchange: T1 and T4 by this clock, T2 and T3 by the other."""
    offset_ns = ((received_ns - asked_ns) + (said_ns - heard_ns)) // 2
    trip_ns = (heard_ns - asked_ns) - (said_ns - received_ns)
    return Reading(offset_ns, max(trip_ns, 0) // 2)


def nearest(readings: Iterable[Reading]) -> Reading:
    """The one that is known best."""
    return min(readings, key=lambda one: one.half_trip_ns)


def margin_ns(clocks: Iterable[ClockRecord]) -> int:
    """By how much stamps of these machines may differ: twice what is not known of the worst clock, and no less than the least; 0 without any."""
    doubts_ns = [clock.doubt_ns + abs(clock.drift_ns) for clock in clocks]
    return max(MARGIN_NS, 2 * max(doubts_ns)) if doubts_ns else 0
