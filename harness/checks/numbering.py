"""The engine's own numbers have no gap: events count from 1, and so do matches.

Whoever listens finds a lost message by its number, and joins the two sides of a trade by the match. So a number that is skipped,
used twice or begun anew is a fault even where every event is right. After one the engine's own number is taken over, so
that one slip is counted once.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from harness.base.findings import Facts, FindingLog
from harness.base.records import EventKind, Events, Role
from harness.checks import CheckPlug
from harness.checks._answers import rows
from harness.evidence.fold import RunInfo, Segment

UInt64Array: TypeAlias = npt.NDArray[np.uint64]


class Numbering:
    """The last number of an event and of a match."""

    def __init__(self, run: RunInfo) -> None:
        del run
        self._log = FindingLog("numbering")
        self._event = self._match = self._seen = 0

    def add(self, segment: Segment) -> None:
        """Hold each number against the one before."""
        events = segment.events
        self._event = self._follow("event", events, events["engine_seq"], self._event)
        trades = events[events["kind"] == EventKind.TRADE]
        self._match = self._follow("match", trades, trades["match"], self._match)
        self._seen += len(events)

    def facts(self) -> Facts:
        """What was found so far."""
        return Facts(seen=self._seen, findings=self._log.findings())

    def _follow(self, what: str, events: Events, numbers: UInt64Array, last: int) -> int:
        """Tell every number of this kind that does not go on from the one before; the last of them."""
        if not len(numbers):
            return last
        before = np.concatenate((np.array([last], np.uint64), numbers[:-1]))
        steps = numbers - before
        wrong = steps != 1
        if what == "match":
            # Where the two sides of a trade are told by two events, both carry its number.
            wrong &= (steps != 0) | (events["role"] == Role.BOTH)
        odd = np.flatnonzero(wrong)
        told = zip(rows(events[odd], "command", "order"), before[odd].tolist(), numbers[odd].tolist(), strict=True)
        for (command, order), previous, got in told:
            self._tell(what, command, order, previous, got)
        return int(numbers[-1])

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
