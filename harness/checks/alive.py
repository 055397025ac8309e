"""The engine stays alive while it is driven.

Gate 0 asks whether it ever answered; this one, whether it goes on. What was under way when it died has no known outcome, so the
other checks hold their tongue about it; its death is told here, once, with its last words.
"""

from __future__ import annotations

from harness.base.findings import Facts, FindingLog
from harness.checks import CheckPlug
from harness.evidence.fold import RunInfo, Segment


class Alive:
    """Counts what was sent until the engine died."""

    def __init__(self, run: RunInfo) -> None:
        self._run = run
        self._last = 0

    def add(self, segment: Segment) -> None:
        """Remember the last command that was sent."""
        self._last = max(self._last, int(segment.commands["number"].max(initial=0)))

    def facts(self) -> Facts:
        """One finding if it died."""
        log = FindingLog("alive")
        if self._run.started and self._run.failure:
            log.add(
                "died", "The engine died while it was driven", command=self._last,
                expected="the engine answers until it is told to stop", got=self._run.failure,
            )  # fmt: skip
        return Facts(seen=self._last, findings=log.findings())


CHECK = CheckPlug(about="The engine stays alive while it is driven.", start=Alive, least=1)
