"""Gate 0: the engine was built, started and answered; where it did not, nothing else can be said of it.

Every use requires it: an engine that is silent would otherwise break no rule.
"""

from __future__ import annotations

from harness.base.findings import Facts, FindingLog
from harness.checks import CheckPlug
from harness.evidence.fold import RunInfo, Segment

EXPECTED = "an engine that is built, starts and answers"


class Gate:
    """Counts what was sent and what came back."""

    def __init__(self, run: RunInfo) -> None:
        self._run = run
        self._sent = 0
        self._came = 0

    def add(self, segment: Segment) -> None:
        self._sent += len(segment.commands)
        self._came += len(segment.events)

    def facts(self) -> Facts:
        log = FindingLog("gate_0")
        failure = self._run.failure or "it gave no reason"
        if not self._run.started:
            log.add("not_started", "the engine did not start", command=0, expected=EXPECTED, got=failure)
        elif self._run.interrupted and not self._came:
            return Facts(seen=0, unknown="the run was interrupted before the first answer")
        elif self._sent and not self._came and self._run.failure:
            # It died of its first commands: that is told by `alive`, with its last words; here nothing was answered yet.
            return Facts(seen=0, unknown=f"the engine died before its first answer: {failure}")
        elif self._sent and not self._came:
            got = f"{self._sent:,} commands were sent and no event came"
            log.add("silent", "the engine answered nothing", command=1, expected=EXPECTED, got=got)
        elif not self._sent:
            return Facts(seen=0, unknown="no command was sent")
        return Facts(seen=self._came, findings=log.findings())


CHECK = CheckPlug(about="The engine is built, starts and answers.", start=Gate)
