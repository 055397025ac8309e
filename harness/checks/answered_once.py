"""Every command is answered exactly once, and nothing is answered that was not asked.

What "answered" means for each kind of command stands in `_answers.ANSWERED_BY`. Command numbers are consecutive, so a
number that is behind the newest one and no longer open was answered: only the open commands are kept, however long
the run. A command that is open when the engine fails or the user ends the run may or may not have happened. Its
outcome is unknown, which is told and is no finding.
"""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import numpy.typing as npt

from harness.base.findings import Facts, FindingLog
from harness.base.reasons import Reason
from harness.base.records import CommandKind, Commands, EventKind, Events, empty_commands
from harness.checks import CheckPlug
from harness.checks._answers import ANSWERED_BY, UInt64Array, numbers, rows, whom
from harness.evidence.fold import RunInfo, Segment

_FITS = np.zeros((256, 256), np.bool_)
"""_FITS[kind of command, kind of event]: whether such an event answers such a command."""
for _command, _answers in ANSWERED_BY.items():
    _FITS[_command, _answers] = True
_ANSWERS: npt.NDArray[np.bool_] = np.logical_or.reduce(_FITS)
"""_ANSWERS[kind of event]: whether it answers any kind of command."""


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
            self._last = int(segment.commands["number"][-1])
        self._open = np.concatenate((self._open, segment.commands))
        asked = numbers(segment.events, whom(self._open))
        answers, asked = _only_answers(segment.events, asked, self._open)
        self._judge(answers, asked)

    def facts(self) -> Facts:
        told = {}
        count = len(self._open)
        if count and self._run.cut_short:
            told["unknown outcomes"] = f"{count:,} commands were open when the run was cut short"
        log = deepcopy(self._log)
        if not self._run.cut_short:
            self._tell_unanswered(log)
        return Facts(seen=self._sent, findings=log.findings(), told=told)

    def _judge(self, answers: Events, asked: UInt64Array) -> None:
        """Hold each answer against the command that it names, and close that one."""
        places, known = _places(asked, self._open)
        fits: npt.NDArray[np.bool_] = known & _FITS[_kinds(self._open, places), answers["kind"]]
        _, first = np.unique(places[fits], return_index=True)
        good = np.zeros(len(answers), np.bool_)
        good[np.flatnonzero(fits)[first]] = True
        bad = ~good
        wrong = known & ~fits
        told = zip(rows(answers[bad], "kind", "order"), asked[bad].tolist(), wrong[bad].tolist(), strict=True)
        for (kind, order), number, is_wrong in told:
            self._tell(EventKind(kind), order, number, wrong=is_wrong)
        self._open = np.delete(self._open, places[good])

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


def _only_answers(events: Events, asked: UInt64Array, waiting: Commands) -> tuple[Events, UInt64Array]:
    """The events that claim to answer, and the numbers of the commands that they name.

    `canceled` answers the cancel of its order and is an effect of all else, such as of a cancel that moves the quote and so
    triggers a stop; where its command is no longer open, the reason tells.
    """
    places, known = _places(asked, waiting)
    of_cancel = _kinds(waiting, places) == CommandKind.CANCEL
    if len(waiting):
        of_cancel &= waiting["target"][places] == events["order"]
    is_effect = (events["kind"] == EventKind.CANCELED) & ~np.where(known, of_cancel, events["reason"] == Reason.USER)
    claims: npt.NDArray[np.bool_] = _ANSWERS[events["kind"]] & ~is_effect
    return events[claims], asked[claims]


def _places(asked: UInt64Array, waiting: Commands) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Where each number stands among the waiting commands, and whether it does; shape (asked,) both."""
    if not len(waiting):
        return np.zeros(len(asked), np.intp), np.zeros(len(asked), np.bool_)
    places = np.minimum(np.searchsorted(waiting["number"], asked), len(waiting) - 1)
    known: npt.NDArray[np.bool_] = waiting["number"][places] == asked
    return places, known


def _kinds(waiting: Commands, places: npt.NDArray[np.intp]) -> npt.NDArray[np.uint8]:
    """The kinds of the commands at these places; 0 where none waits at all."""
    kinds: npt.NDArray[np.uint8] = waiting["kind"][places] if len(waiting) else np.zeros(len(places), np.uint8)
    return kinds


def _name(kind: EventKind | CommandKind) -> str:
    return kind.name.lower().replace("_", " ")


CHECK = CheckPlug(about="Every command is answered exactly once.", start=AnsweredOnce, least=1_000)
