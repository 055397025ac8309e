"""What a latency must not be told without: how many commands were never sent, were sent late, were answered late, or were never answered.

A tester that leaves these out tells of the commands that went well. None of them judges: a late generator is `generator_lag`'s, an
answer that never came `answered_once`'s, and an answer that came late is in the response times.
"""

from __future__ import annotations

from harness.base.records import NONE, Commands, Int64Array
from harness.evidence.fold import RunInfo

SENT_LATE_NS = 1_000_000
"""What the built-in policy asks of the generator."""
ANSWERED_LATE_NS = 5_000_000_000
"""How long an instrument waits for an answer where a scenario does not say otherwise."""


class Counted:
    """The counts of one scenario."""

    def __init__(self, run: RunInfo) -> None:
        self._run = run
        self._sent_late = 0
        self._answered_late = 0

    def add(self, sent: Commands, took_ns: Int64Array) -> None:
        """Take in commands that were sent, and how long after they were due some were answered."""
        due_ns, sent_ns = sent["due_ns"], sent["sent_ns"]
        timed = (due_ns != NONE) & (sent_ns != NONE)
        self._sent_late += int((timed & (sent_ns - due_ns > SENT_LATE_NS)).sum())
        self._answered_late += int((took_ns > ANSWERED_LATE_NS).sum())

    def told(self, *, unanswered: int) -> dict[str, str]:
        """Each count by its name, none left out for being 0."""
        dropped = "not known how many" if self._run.dropped is None else f"{self._run.dropped:,}"
        return self._warm_up() | {
            "dropped": f"{dropped} commands that were due and never sent",
            "sent late": f"{self._sent_late:,} commands, more than {SENT_LATE_NS / 1e6:g} ms after they were due",
            "answered late": f"{self._answered_late:,} commands, more than {ANSWERED_LATE_NS / 1e9:g} s after they were due",
            "unanswered": f"{unanswered:,} commands",
        }

    def _warm_up(self) -> dict[str, str]:
        """What of the scenario is not counted here."""
        seconds = self._run.warm_up_ns / 1e9
        return {"warm-up": f"the first {seconds:g} s are left out"} if seconds else {}
