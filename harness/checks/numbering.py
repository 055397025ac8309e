"""The engine's own numbers have no gap: events count from 1, and so do matches.

Whoever listens finds a lost message by its number, and joins the two sides of a trade by the match. So a number that is skipped,
used twice or begun anew is a fault even where every event is right. After one the engine's own number is taken over, so
that one slip is counted once.
"""

from __future__ import annotations

from harness.base.findings import Facts, FindingLog
from harness.base.records import EventKind, Role
from harness.checks import CheckPlug
from harness.checks._answers import rows
from harness.evidence.fold import RunInfo, Segment

_TRADE, _BOTH = int(EventKind.TRADE), int(Role.BOTH)


class Numbering:
    """The last number of an event and of a match."""

    def __init__(self, run: RunInfo) -> None:
        del run
        self._log = FindingLog("numbering")
        self._event = self._match = self._seen = 0

    def add(self, segment: Segment) -> None:
        """Hold each number against the one before."""
        for kind, number, order, event, match, role in rows(
            segment.events, "kind", "command", "order", "engine_seq", "match", "role"
        ):
            if event != self._event + 1:
                self._tell("event", number, order, self._event, event)
            self._event = event
            if kind == _TRADE:
                # Where the two sides of a trade are told by two events, both carry its number.
                if match != self._match + 1 and (role == _BOTH or match != self._match):
                    self._tell("match", number, order, self._match, match)
                self._match = match
        self._seen += len(segment.events)

    def facts(self) -> Facts:
        """What was found so far."""
        return Facts(seen=self._seen, findings=self._log.findings())

    def _tell(self, what: str, command: int, order: int, before: int, got: int) -> None:
        self._log.add(
            what, f"the numbers of the engine's {'events' if what == 'event' else 'matches'} have a gap or a double",
            command=command, orders=(order,), expected=f"{what} number {before + 1}", got=f"{what} number {got}",
        )  # fmt: skip


CHECK = CheckPlug(
    about="The engine numbers its events and its matches from 1 without gaps.",
    start=Numbering,
    needs=("one_order", "engine_seq", "match", "role"),
    least=1_000,
)
