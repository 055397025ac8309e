"""Every command is answered exactly once, and nothing is answered that was not asked.

What "answered" means for each kind of command stands in `harness.base.answers`. Command numbers are consecutive, so a
number that is behind the newest one and no longer open was answered: only the open commands are kept, however long
the run. A command that is open when the engine fails or the user ends the run may or may not have happened. Its
outcome is unknown, which is told and is no finding.
"""

from __future__ import annotations

from copy import deepcopy
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harness.base.answers import ANSWERED_BY
from harness.base.findings import Facts, FindingLog
from harness.base.reasons import Reason
from harness.base.records import CommandKind, Commands, EventKind, Events, empty_commands
from harness.checks import CheckPlug
from harness.checks._answers import UInt64Array, by_number, numbers, rows, whom
from harness.evidence.fold import RunInfo, Segment

_FITS = np.zeros((256, 256), np.bool_)
"""_FITS[kind of command, kind of event]: whether such an event answers such a command."""
for _command, _answers in ANSWERED_BY.items():
    _FITS[_command, _answers] = True
_ANSWERS: npt.NDArray[np.bool_] = np.logical_or.reduce(_FITS)
"""_ANSWERS[kind of event]: whether it answers any kind of command."""


class Named(NamedTuple):
    """The commands that events name, shape (events,) each."""

    number: UInt64Array
    place: npt.NDArray[np.intp]
    """Where each stands among those that wait; any place where it does not wait."""
    waits: npt.NDArray[np.bool_]
    kind: npt.NDArray[np.uint8]

    def at(self, places: npt.NDArray[np.intp]) -> Named:
        """Those of some of the events."""
        return Named(self.number[places], self.place[places], self.waits[places], self.kind[places])


class AnsweredOnce:
    """The open commands, by number."""

    def __init__(self, run: RunInfo) -> None:
        self._run = run
        self._log = FindingLog("answered_once")
        self._open: Commands = empty_commands(0)
        self._sent = 0
        self._last = 0

    def add(self, segment: Segment) -> None:
        self._sent += len(segment.commands)
        if len(segment.commands):
            self._last = max(self._last, int(segment.commands["number"].max()))
        more = np.concatenate((self._open, segment.commands)) if len(self._open) else segment.commands
        waiting = self._open = by_number(more)
        asked = numbers(segment.events, partial(whom, waiting))
        named = _named(asked, waiting)
        claims = np.flatnonzero(_claims(segment.events, named, waiting))
        self._judge(segment.events, claims, named.at(claims))

    def facts(self) -> Facts:
        told = {}
        count = len(self._open)
        if count and self._run.cut_short:
            told["unknown outcomes"] = f"{count:,} commands were open when the run was cut short"
        log = deepcopy(self._log)
        if not self._run.cut_short:
            self._tell_unanswered(log)
        return Facts(seen=self._sent, findings=log.findings(), told=told)

    def _judge(self, events: Events, claims: npt.NDArray[np.intp], named: Named) -> None:
        """Hold each answer against the command that it names, and close that one; the answers are events[claims]."""
        fits: npt.NDArray[np.bool_] = named.waits & _FITS[named.kind, events["kind"][claims]]
        fitting = np.flatnonzero(fits)
        # From the last to the first: the first answer of each command is the one that stays.
        first = np.full(len(self._open), -1, np.intp)
        first[named.place[fitting[::-1]]] = fitting[::-1]
        closed = first >= 0
        bad = np.ones(len(claims), np.bool_)
        bad[first[closed]] = False
        wrong = (named.waits & ~fits)[bad].tolist()
        answers = rows(events[claims[bad]], "kind", "order")
        for (kind, order), number, is_wrong in zip(answers, named.number[bad].tolist(), wrong, strict=True):
            self._tell(EventKind(kind), order, number, wrong=is_wrong)
        self._open = self._open[~closed]

    def _tell(self, kind: EventKind, order: int, number: int, *, wrong: bool) -> None:
        name = _name(kind)
        if wrong:
            self._log.add(
                "wrong_answer", "a command was answered as if it had been of another kind", command=number,
                orders=(order,), expected=f"command {number} answered by an event of its kind",
                got=f"it was answered by `{name}`",
            )  # fmt: skip
        elif 0 < number <= self._last:
            self._log.add(
                "twice", "a command was answered twice", command=number, orders=(order,),
                expected=f"one answer to command {number}", got=f"a second answer, `{name}` of order {order}",
            )  # fmt: skip
        else:
            self._log.add(
                "unasked", "an answer came that no command had asked for", command=number, orders=(order,),
                expected="answers to commands that were sent",
                got=f"`{name}` of order {order} for command {number}, which was not sent",
            )  # fmt: skip

    def _tell_unanswered(self, log: FindingLog) -> None:
        for number, kind, order in rows(self._open, "number", "kind", "order"):
            log.add(
                "unanswered", "a command was never answered", command=number, orders=(order,),
                expected=f"an answer to command {number}, a {_name(CommandKind(kind))}",
                got="none by the end of the run",
            )  # fmt: skip


def _claims(events: Events, named: Named, waiting: Commands) -> npt.NDArray[np.bool_]:
    """Which events claim to answer a command.

    `halted` and `resumed` answer the operator whom they name as their order; a breaker's name nobody and are effects.
    `canceled` answers the cancel of its order and is an effect of all else, such as of a cancel that moves the quote and so
    triggers a stop; where its command is no longer open, the reason tells.
    """
    kinds: npt.NDArray[np.uint8] = events["kind"]
    claims = _ANSWERS[kinds]
    claims[np.isin(kinds, (EventKind.HALTED, EventKind.RESUMED)) & (events["order"] == 0)] = False
    canceled = np.flatnonzero(kinds == EventKind.CANCELED)
    claims[canceled] = events["reason"][canceled] == Reason.USER
    waited = canceled[named.waits[canceled]]
    same = events["order"][waited] == waiting["target"][named.place[waited]]
    claims[waited] = (named.kind[waited] == CommandKind.CANCEL) & same
    return claims


def _named(asked: UInt64Array, waiting: Commands) -> Named:
    """The waiting commands of these numbers."""
    if not len(waiting):
        return Named(
            asked, np.zeros(len(asked), np.intp), np.zeros(len(asked), np.bool_), np.zeros(len(asked), np.uint8)
        )
    known = np.ascontiguousarray(waiting["number"])
    place = np.minimum(np.searchsorted(known, asked), len(waiting) - 1)
    return Named(asked, place, known[place] == asked, waiting["kind"][place])


def _name(kind: EventKind | CommandKind) -> str:
    return kind.name.lower().replace("_", " ")


CHECK = CheckPlug(about="Every command is answered exactly once.", start=AnsweredOnce, least=1_000)
