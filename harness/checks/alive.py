"""The engine stays alive while it is driven, and ends well when it is told to.

Gate 0 asks whether it ever answered; this one, whether it goes on. What was under way when it died has no known outcome, so the
other checks hold their tongue about it; its death is told here, once, with its last words. An engine may say itself how it ended,
such as by an exit code that counts what it took against what it told: a bad end is told here too, and no excuse for the rest.
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
        """One finding if it died, or ended badly."""
        log = FindingLog("alive")
        if self._run.started and self._run.failure:
            log.add(
                "died", "The engine died while it was driven", command=self._last,
                expected="the engine answers until it is told to stop", got=self._run.failure,
            )  # fmt: skip
        if self._run.ending and self._run.ending.wrong:
            log.add(
                "bad_end", "The engine did not end well when it was told to", command=self._last,
                expected="an end that the engine itself calls good", got=self._run.ending.wrong,
            )  # fmt: skip
        return Facts(seen=self._last, findings=log.findings())


CHECK = CheckPlug(about="The engine stays alive while it is driven, and ends well when told to.", start=Alive, least=1)
