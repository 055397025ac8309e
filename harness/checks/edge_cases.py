"""Each hand-made case gives exactly the events that were written down for it by hand.

A model can share a misunderstanding with the engine; a case that a person worked out from the rules cannot. Only the fields
that a case names, and that the engine's wire carries, are compared; number and order of the events must be exact, but for the
cancels of a mass cancel.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from harness.base.findings import Facts, FindingLog
from harness.base.notes import Case, ExpectedEvent
from harness.base.reasons import Reason
from harness.base.records import NONE, Command, CommandKind, Event, EventKind, command_rows, event_rows
from harness.base.words import say_command, say_events
from harness.checks import CheckPlug
from harness.evidence.fold import RunInfo, Segment

AnyEvent = TypeVar("AnyEvent", ExpectedEvent, Event)
_DONE = (EventKind.DONE, "done")
"""As an event tells it, and as a case does."""
_NAMED = ("order", "maker", "new_order", "price", "qty", "remaining")


class HandMadeCases:
    """Keeps the cases' commands and what answered them; a case is judged once all its answers are whole."""

    def __init__(self, run: RunInfo) -> None:
        self._cases = run.notes.cases
        self._cut_short = run.cut_short
        self._leaves_out = run.capabilities.may_leave_unsaid()
        """Whether commands that the engine's wire cannot say are missing from its history."""
        self._carried = {*run.capabilities.carries, "order"}
        self._canceled = self._carried - ({"qty"} if "canceled_qty" in run.capabilities.untold else set())
        """What of it a cancel tells."""
        self._commands: dict[int, Command] = {}
        self._events: dict[int, list[Event]] = {
            case.first + at: [] for case in self._cases for at in range(len(case.expect))
        }
        self._last = self._sent = self._nameless = 0

    def add(self, segment: Segment) -> None:
        """Keep what belongs to a case."""
        commands, events = segment
        mine = np.isin(commands["number"], list(self._events))
        self._commands |= {command.number: command for command in command_rows(commands[mine])}
        self._last = max(self._last, int(events["command"].max(initial=0)))
        self._sent = max(self._sent, int(commands["number"].max(initial=0)))
        self._nameless += int(np.count_nonzero(events["command"] == 0))
        for event in event_rows(events[np.isin(events["command"], list(self._events))]):
            self._events[event.command].append(event)

    def facts(self) -> Facts:
        """One finding a case that went otherwise."""
        log = FindingLog("edge_cases")
        said = [case for case in self._cases if not self._is_unsaid(case)]
        judged = [case for case in said if self._is_whole(case)]
        for case in judged:
            self._judge(case, log)
        left = [case.name for case in said if case not in judged]
        unsaid = ", ".join(case.name for case in self._cases if case not in said)
        if self._nameless:
            why = f"the engine does not say which command {self._nameless:,} of its events answer"
            return Facts(seen=len(judged), unknown=why)
        return Facts(
            seen=len(judged), findings=log.findings(),
            told={"cases that the engine's wire cannot say": unsaid} if unsaid else {},
            unknown=f"the run ended before {len(left)} of {len(self._cases)} cases: {', '.join(left)}" if left else "",
        )  # fmt: skip

    def _is_unsaid(self, case: Case) -> bool:
        """Whether a command of it is missing, and later ones are not, or nothing ended the run before it: it was never sent."""
        behind = case.first + len(case.expect)
        to_its_end = self._leaves_out and not self._cut_short
        numbers = range(case.first, behind if to_its_end else min(behind, self._sent))
        return any(number not in self._commands for number in numbers)

    def _is_whole(self, case: Case) -> bool:
        """Whether all its commands were sent and answered; an answer that a cut run ends in may be the first part of one."""
        numbers = range(case.first, case.first + len(case.expect))
        return all(
            number in self._commands
            and (not self._cut_short or number < self._last or len(self._events[number]) >= len(expect))
            for number, expect in zip(numbers, case.expect, strict=True)
        )

    def _judge(self, case: Case, log: FindingLog) -> None:
        """Tell the first command of the case that was answered otherwise."""
        for number, expect in enumerate(case.expect, case.first):
            command = self._commands[number]
            wanted, got = _aligned(command, expect), _aligned(command, self._events[number])
            if len(wanted) == len(got) and all(map(self._agrees, wanted, got)):
                continue
            log.add(
                case.name, case.about, command=number,
                expected=f"{say_command(command)}:\n{say_events([_as_event(event) for event in wanted])}",
                got=f"{say_command(command)}:\n{say_events(got)}",
                orders=tuple(dict.fromkeys(filter(None, (command.target, command.order)))),
            )  # fmt: skip
            return

    def _agrees(self, want: ExpectedEvent, got: Event) -> bool:
        expected = _as_event(want)
        carried = self._canceled if expected.kind == EventKind.CANCELED else self._carried
        named = [name for name in _NAMED if getattr(want, name) is not None and name in carried]
        if want.reason is not None and "reason" in self._carried:
            named.append("reason")
        return all(getattr(expected, name) == getattr(got, name) for name in ("kind", *named))


def _aligned(command: Command, events: Sequence[AnyEvent]) -> list[AnyEvent]:
    """The answer in the order in which it is compared: the cancels of a mass cancel, up to `done`, may come in any."""
    done = next((at for at, event in enumerate(events) if event.kind in _DONE), 0)
    if command.kind != CommandKind.MASS_CANCEL:
        done = 0
    return sorted(events[:done], key=lambda event: event.order or 0) + list(events[done:])


def _as_event(want: ExpectedEvent) -> Event:
    """The event as far as the case names it."""
    return Event(
        kind=EventKind[want.kind.upper()], order=want.order or 0, maker=want.maker or 0, new_order=want.new_order or 0,
        price=_value(want.price), qty=_value(want.qty), remaining=_value(want.remaining),
        reason=Reason[want.reason.upper()] if want.reason else 0,
    )  # fmt: skip


def _value(amount: int | None) -> int:
    return NONE if amount is None else amount


CHECK = CheckPlug(
    about="each hand-made case gives exactly the events that were written down for it",
    start=HandMadeCases,
    needs=("cases", "one_order"),
)
