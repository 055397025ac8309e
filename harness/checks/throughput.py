"""Throughput: how many commands a second the engine answered, in windows over the whole scenario.

A command counts once, in the window in which its first answer came, on its own session where that has a word for it. Windows that the scenario fills only in part, its
first and its last, are left out. An engine that is driven below its limit can only show what it was asked for, so
that is told beside it.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from harness.base.findings import Facts, Interval, Series
from harness.base.records import NONE, Int64Array
from harness.base.stats import mean
from harness.checks import CheckPlug
from harness.checks._answers import Waiting
from harness.checks._by_time import MOST
from harness.evidence.fold import Metric, RunInfo, Segment

NARROW_NS = 100_000_000
WIDE_NS = 1_000_000_000
FEWEST = 10
"""Windows under which a mean has no useful interval."""
LONG_NS = (FEWEST + 1) * WIDE_NS
"""From this length on a scenario is told in wide windows: so many of them are whole, wherever it begins."""

COLUMNS = ("start_ns", "asked_per_s", "sent_per_s", "answered_per_s")
"""Of the rates over time: what was due, what went out, what was answered."""

Float64Array: TypeAlias = npt.NDArray[np.float64]


class Throughput:
    """Counts of commands due, sent and answered by narrow window since the run's start."""

    def __init__(self, run: RunInfo) -> None:
        self._run = run
        self._waiting = Waiting(on_copy_too=True)
        self._asked: Int64Array = np.zeros(0, np.int64)
        self._sent: Int64Array = np.zeros(0, np.int64)
        self._answered: Int64Array = np.zeros(0, np.int64)
        self._from_ns = 2**63 - 1
        self._to_ns = 0

    def add(self, segment: Segment) -> None:
        _, answers = self._waiting.first_answers(segment)
        sent_ns, came_ns = _known(segment.commands["sent_ns"]), _known(answers["received_ns"])
        self._asked = _counted(self._asked, _known(segment.commands["due_ns"]))
        self._sent = _counted(self._sent, sent_ns)
        self._answered = _counted(self._answered, came_ns)
        if sent_ns.size:
            self._from_ns = min(self._from_ns, int(sent_ns.min()))
        if came_ns.size:
            self._to_ns = max(self._to_ns, int(came_ns.max()))

    def facts(self) -> Facts:
        asked = f"{self._run.rate_per_s:,.0f}/s" if self._run.rate_per_s else "as fast as the engine took them"
        told = {"asked for": asked}
        seen = int(self._answered.sum())
        width_ns = WIDE_NS if self._to_ns - self._from_ns >= LONG_NS else NARROW_NS
        first, last = -(-self._from_ns // width_ns), self._to_ns // width_ns
        if last - first < FEWEST:
            count = max(last - first, 0)
            return Facts(
                seen=seen,
                told=told,
                unknown=f"too short: {count} whole windows of {width_ns / 1e9:g} s, wanted {FEWEST}",
            )
        due, sent, answered = (
            _rates(counts, first, last, width_ns) for counts in (self._asked, self._sent, self._answered)
        )
        starts = (first + np.arange(0, len(sent), _together(len(sent)))) * width_ns
        rows = tuple(zip(starts.tolist(), *map(_drawn, (due, sent, answered)), strict=True))
        return Facts(
            seen=seen,
            told=told,
            measures={"throughput.sustained": _at_least_nothing(mean(answered))},
            series=(Series(name="throughput", unit="1/s", columns=COLUMNS, rows=rows),),
        )


def _known(times_ns: Int64Array) -> Int64Array:
    known: Int64Array = times_ns[times_ns != NONE]
    return known


def _counted(counts: Int64Array, times_ns: Int64Array) -> Int64Array:
    """The counts with these times counted in their windows; they grow to twice their length, so that a long run is not copied at each segment."""
    if not times_ns.size:
        return counts
    windows = times_ns // NARROW_NS
    first = int(windows.min())
    more = np.bincount(windows - first)
    end = first + len(more)
    if end > len(counts):
        counts = np.concatenate((counts, np.zeros(max(end, 2 * len(counts)) - len(counts), np.int64)))
    counts[first:end] += more
    return counts


def _rates(counts: Int64Array, first: int, last: int, width_ns: int) -> Float64Array:
    """Commands a second in the windows first..last-1 of this width; shape (last - first,)."""
    narrow = width_ns // NARROW_NS
    padded = np.zeros(last * narrow, np.int64)
    upto = min(len(counts), len(padded))
    padded[:upto] = counts[:upto]
    rates: Float64Array = padded.reshape(last, narrow).sum(axis=1)[first:] * (1e9 / width_ns)
    return rates


def _together(windows: int) -> int:
    """How many windows are one row of the series, so that it has as few rows as the latencies over time."""
    return -(-windows // MOST)


def _drawn(rates: Float64Array) -> list[float]:
    """The rates of the rows: of each the mean over its windows."""
    firsts = np.arange(0, len(rates), _together(len(rates)))
    means: list[float] = (np.add.reduceat(rates, firsts) / np.diff(firsts, append=len(rates))).tolist()
    return means


def _at_least_nothing(rate: Interval) -> Interval:
    """A rate's interval ends at 0, whatever Student's formula gives for scattered windows."""
    return Interval(rate.value, max(rate.low, 0.0), rate.high)


CHECK = CheckPlug(
    about="How many commands a second the engine answers.",
    start=Throughput,
    needs=("pace", "times"),
    least=1_000,
    metrics=(Metric(name="throughput.sustained", unit="1/s", about="Commands answered a second, over whole windows."),),
)
