"""Commands and events of a service in the order in which it did its work, each event with what stood just before it.

This is no plug: it is what the checks of the controls share. A service of several sessions may answer in another order than commands were
sent, so its own order counts, and a command is known by its number.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from harness.base.findings import Facts, FindingLog
from harness.base.records import Command, Event, command_rows, event_rows
from harness.evidence.fold import RunInfo, Segment
from harness.oracle.exposure.following import Exposure, by_breaker


class Step(NamedTuple):
    """An event, and the command that it answers or is an effect of."""

    command: Command
    event: Event
    turns: bool
    """Whether it is the first one of its command, of whatever kind."""
    answers: bool
    """Whether it is the first one that is no breaker's: the command's own answer."""


class Controlled:
    """Walks a history; `exposure` stands before each step as long as the caller looks at it."""

    def __init__(self, run: RunInfo) -> None:
        self.exposure = Exposure(run.instruments, run.conventions, run.capabilities, run.controls)
        self._open: dict[int, Command] = {}
        """The commands that nothing has answered, by number."""
        self._command: Command | None = None
        self._has_answer = False
        self._nameless = 0

    def steps(self, segment: Segment) -> Iterator[Step]:
        """The events of known commands, one after another; each is followed once the caller asks for the next."""
        self._open |= {command.number: command for command in command_rows(segment.commands)}
        for event in event_rows(segment.events):
            turns = self._command is None or event.command != self._command.number
            if turns and not self._turn_to(event.command):
                continue
            if self._command is None:
                continue
            answers = not self._has_answer and not by_breaker(event)
            self._has_answer |= answers
            self.exposure.turn_to(event)
            yield Step(self._command, event, turns, answers)
            self.exposure.follow(self._command, event)

    def facts(self, seen: int, log: FindingLog, marks: dict[str, int], unknown: str = "") -> Facts:
        """What was found out, unless nothing can be said."""
        if self._nameless:
            unknown = f"the engine does not say which command {self._nameless:,} of its events answer"
            return Facts(seen=seen, marks=marks, unknown=unknown)
        return Facts(seen=seen, findings=log.findings(), marks=marks, unknown=unknown)

    def _turn_to(self, number: int) -> bool:
        """Go on with the command of this number; False where it was answered before or never sent."""
        self._nameless += not number
        command = self._open.pop(number, None)
        if command is None:
            return False
        self._command, self._has_answer = command, False
        return True
