"""Generator lag: how late after its due time each command was sent, by the generator's own doing.

It measures gonogo and not the engine: where the lag breaks its limit, the generator was the bottleneck, and the run's
latency and throughput say nothing. An engine that answers at once holds the generator while it works: what is late for that
is the engine's own slowness, so it is counted from when the engine let go (its last answer), and shows in response and
throughput instead.
"""

from __future__ import annotations

import numpy as np

from harness.base.findings import Facts
from harness.base.histogram import Histogram
from harness.base.records import NONE, Int64Array
from harness.checks import CheckPlug
from harness.evidence.fold import Metric, RunInfo, Segment


class GeneratorLag:
    """One histogram, and when the engine last let go of the generator."""

    def __init__(self, run: RunInfo) -> None:
        self._holds = run.capabilities.answers_at_once
        self._lag = Histogram()
        self._free_ns = NONE

    def add(self, segment: Segment) -> None:
        """Count the commands that have both times."""
        due_ns, sent_ns = segment.commands["due_ns"], segment.commands["sent_ns"]
        timed = (due_ns != NONE) & (sent_ns != NONE)
        could_ns = (
            np.maximum(due_ns, self._free_before(sent_ns, segment.events["received_ns"])) if self._holds else due_ns
        )
        self._lag.record(sent_ns[timed] - could_ns[timed])

    def facts(self) -> Facts:
        """How late the generator was."""
        if not self._lag.total:
            return Facts(seen=0, unknown="no command has a due time and a time sent")
        return Facts(seen=self._lag.total, distributions={"generator.lag": self._lag.distribution()})

    def _free_before(self, sent_ns: Int64Array, received_ns: Int64Array) -> Int64Array:
        """For each command the time of the last answer before it was sent, shape (n,)."""
        answers_ns = (
            np.concatenate([[self._free_ns], np.maximum.accumulate(received_ns)])
            if len(received_ns)
            else np.array([self._free_ns])
        )
        self._free_ns = int(answers_ns[-1])
        found: Int64Array = answers_ns[np.maximum(np.searchsorted(answers_ns, sent_ns, side="right") - 1, 0)]
        return found


CHECK = CheckPlug(
    about="How late the generator sent its commands.",
    start=GeneratorLag,
    needs=("pace", "times"),
    least=1_000,
    metrics=(Metric(name="generator.lag", unit="ns", about="From when a command could be sent to when it was sent."),),
)
