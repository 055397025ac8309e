"""Latency: how long after a command was due, and after it was sent, its first answer came.

Response counts from the due time, so that a stalled engine cannot hide behind a generator that waited for it
(coordinated omission; G. Tene, "How NOT to Measure Latency"). Without due times it means nothing, so the check needs
a pace. Commands that were never answered have no latency: they are told here, and `answered_once` judges them.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from harness.base.findings import Facts, Series
from harness.base.histogram import Histogram
from harness.base.records import NONE, Int64Array
from harness.checks import CheckPlug
from harness.checks._answers import Waiting
from harness.evidence.fold import Metric, RunInfo, Segment

NARROW_NS = 100_000_000
WIDE_NS = 1_000_000_000
LONG_NS = 10 * WIDE_NS
"""From this length on a scenario is told in wide windows; a window stays open for as long behind the newest answer."""

Row: TypeAlias = tuple[float, ...]


class Latency:
    """Histograms of the whole scenario, and the values of the last seconds until their windows are closed."""

    def __init__(self, run: RunInfo) -> None:
        del run
        self._waiting = Waiting()
        self._response = Histogram()
        self._service = Histogram()
        self._rows: list[Row] = []
        self._closed_ns = 0
        self._due_ns: Int64Array = np.zeros(0, np.int64)
        self._took_ns: Int64Array = np.zeros(0, np.int64)

    def add(self, segment: Segment) -> None:
        commands, answers = self._waiting.first_answers(segment)
        timed = (commands["due_ns"] != NONE) & (answers["received_ns"] != NONE)
        due_ns, came_ns = commands["due_ns"][timed], answers["received_ns"][timed]
        self._response.record(came_ns - due_ns)
        self._service.record(came_ns - commands["sent_ns"][timed])
        # What comes for a window that was closed long ago counts in the histograms only, so that memory stays bounded.
        fresh = due_ns >= self._closed_ns
        self._due_ns = np.concatenate((self._due_ns, due_ns[fresh]))
        self._took_ns = np.concatenate((self._took_ns, (came_ns - due_ns)[fresh]))
        self._close()

    def facts(self) -> Facts:
        told = {"unanswered": f"{len(self._waiting.commands):,} commands"} if len(self._waiting.commands) else {}
        seen = self._response.total
        if not seen:
            return Facts(seen=0, told=told, unknown="no command was answered")
        return Facts(
            seen=seen,
            told=told,
            distributions={
                "latency.response": self._response.distribution(),
                "latency.service": self._service.distribution(),
            },
            series=(self._series(),),
        )

    def _close(self) -> None:
        """Turn whole windows that lie far enough behind the newest answer into rows."""
        newest_ns = int(self._due_ns.max(initial=0))
        end_ns = (newest_ns - LONG_NS) // WIDE_NS * WIDE_NS
        old = self._due_ns < end_ns
        if old.any():
            self._rows += _rows(self._due_ns[old], self._took_ns[old], WIDE_NS)
            self._due_ns, self._took_ns = self._due_ns[~old], self._took_ns[~old]
            self._closed_ns = end_ns

    def _series(self) -> Series:
        span_ns = int(self._due_ns.max() - self._due_ns.min())
        width_ns = WIDE_NS if self._rows or span_ns >= LONG_NS else NARROW_NS
        rows = (*self._rows, *_rows(self._due_ns, self._took_ns, width_ns))
        return Series(name="response", unit="ns", columns=("start_ns", "p50_ns", "p99_ns", "max_ns"), rows=rows)


def _rows(due_ns: Int64Array, took_ns: Int64Array, width_ns: int) -> list[Row]:
    """One row a window that any command was due in: its start, median, 99th percentile and maximum, exact by rank."""
    window = due_ns // width_ns
    order = np.lexsort((took_ns, window))
    starts, first, count = np.unique(window[order], return_index=True, return_counts=True)
    ranked = took_ns[order]
    at_rank = [ranked[first + np.ceil(count * share).astype(np.int64) - 1].tolist() for share in (0.5, 0.99, 1.0)]
    return list(zip((starts * width_ns).tolist(), *at_rank, strict=True))


CHECK = CheckPlug(
    about="How long an answer takes, from when its command was due and from when it was sent.",
    start=Latency,
    needs=("pace", "times"),
    least=1_000,
    metrics=(
        Metric(name="latency.response", unit="ns", about="From when a command was due to its first answer."),
        Metric(name="latency.service", unit="ns", about="From when a command was sent to its first answer."),
    ),
)
