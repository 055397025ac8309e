"""Generator lag: how late after its due time each command was sent.

It measures gonogo and not the engine: where the lag breaks its limit, the generator was the bottleneck, and the run's
latency and throughput say nothing.
"""

from __future__ import annotations

from harness.base.findings import Facts
from harness.base.histogram import Histogram
from harness.base.records import NONE
from harness.checks import CheckPlug
from harness.evidence.fold import Metric, RunInfo, Segment


class GeneratorLag:
    """One histogram."""

    def __init__(self, run: RunInfo) -> None:
        del run
        self._lag = Histogram()

    def add(self, segment: Segment) -> None:
        due_ns, sent_ns = segment.commands["due_ns"], segment.commands["sent_ns"]
        timed = (due_ns != NONE) & (sent_ns != NONE)
        self._lag.record(sent_ns[timed] - due_ns[timed])

    def facts(self) -> Facts:
        if not self._lag.total:
            return Facts(seen=0, unknown="no command has a due time and a time sent")
        return Facts(seen=self._lag.total, distributions={"generator.lag": self._lag.distribution()})


CHECK = CheckPlug(
    about="How late the generator sent its commands.",
    start=GeneratorLag,
    needs=("pace",),
    least=1_000,
    metrics=(Metric(name="generator.lag", unit="ns", about="From when a command was due to when it was sent."),),
)
