"""Latency: how long after a command was due, and after it was sent, its first answer came on its own session.

Response counts from the due time, so that a stalled engine cannot hide behind a generator that waited for it
(coordinated omission; G. Tene, "How NOT to Measure Latency"). Without due times it means nothing, so the check needs
a pace. Commands that were never answered have no latency: they are told here, and `answered_once` judges them. Beside stands what
a tester in a closed loop would have told of the same run: no figure to go live by, but what it would have hidden. Where there is a drop copy,
what that took stands beside too, and never instead: a session that is served late is late, however soon somebody else hears of it.
"""

from __future__ import annotations

import numpy as np

from harness.base.findings import Distribution, Facts
from harness.base.histogram import Histogram
from harness.base.records import NONE, Channel, Int64Array
from harness.checks import CheckPlug
from harness.checks._answers import Waiting, by_number
from harness.checks._by_time import ByTime
from harness.checks._closed_loop import ClosedLoop
from harness.checks._counted import Counted
from harness.evidence.fold import Metric, RunInfo, Segment


class Latency:
    """Histograms of the whole scenario, and of its windows."""

    def __init__(self, run: RunInfo) -> None:
        self._waiting = Waiting()
        self._counted = Counted(run)
        self._response = Histogram()
        self._service = Histogram()
        self._copied: Histogram | None = Histogram() if len(run.capabilities.channels) > 1 else None
        """From when a command was due to its answer on the drop copy, where there is one."""
        self._closed_loop = ClosedLoop(by_account=run.capabilities.accounts_apart)
        self._over_time = ByTime()

    def add(self, segment: Segment) -> None:
        commands, answers = self._waiting.first_answers(segment)
        timed = (commands["due_ns"] != NONE) & (answers["received_ns"] != NONE)
        if not timed.all():
            commands, answers = commands[timed], answers[timed]
        due_ns, came_ns = commands["due_ns"], answers["received_ns"]
        self._response.record(came_ns - due_ns)
        self._service.record(came_ns - commands["sent_ns"])
        self._closed_loop.add(commands, came_ns)
        self._counted.add(segment.commands, came_ns - due_ns)
        self._over_time.record(due_ns, came_ns - due_ns)
        if self._copied:
            self._copied.record(_took_on_copy_ns(segment))

    def facts(self) -> Facts:
        told = self._counted.told(unanswered=self._waiting.unanswered)
        if self._copied:
            told["answered on the drop copy alone"] = f"{self._waiting.on_copy_alone:,} commands"
        seen = self._response.total
        if not seen:
            return Facts(seen=0, told=told, unknown="no command was answered")
        return Facts(
            seen=seen,
            told=told,
            distributions={
                "latency.response": self._response.distribution(),
                "latency.service": self._service.distribution(),
                "latency.closed_loop": self._closed_loop.distribution(),
                **self._beside(),
            },
            series=(self._over_time.series("response"),),
        )

    def _beside(self) -> dict[str, Distribution]:
        return {"latency.drop_copy": self._copied.distribution()} if self._copied else {}


def _took_on_copy_ns(segment: Segment) -> Int64Array:
    """How long after they were due the drop copy answered the commands of this stretch, in which its answers stand too; shape (answers,)."""
    copied = segment.events[segment.events["channel"] == Channel.DROP_COPY]
    numbers, first = np.unique(copied["command"], return_index=True)
    commands = by_number(segment.commands)
    commands = commands[(commands["due_ns"] != NONE) & np.isin(commands["number"], numbers)]
    came_ns = copied["received_ns"][first[np.searchsorted(numbers, commands["number"])]]
    took_ns: Int64Array = (came_ns - commands["due_ns"])[came_ns != NONE]
    return took_ns


CHECK = CheckPlug(
    about="How long an answer takes, from when its command was due and from when it was sent.",
    start=Latency,
    needs=("pace", "times"),
    least=1_000,
    metrics=(
        Metric(name="latency.response", unit="ns", about="From when a command was due to its first answer."),
        Metric(name="latency.service", unit="ns", about="From when a command was sent to its first answer."),
        Metric(name="latency.drop_copy", unit="ns", about="From when a command was due to its answer on the drop copy, where there is one."),
        Metric(
            name="latency.closed_loop", unit="ns",
            about="What a tester that waits for each answer before it sends its next command would have told: it hides the commands that waited.",
        ),
    ),
)  # fmt: skip
