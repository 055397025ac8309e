"""Asks whether a tape still shows a finding: the same kind of finding of the same check, on an empty engine each time."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt

from harness.base.errors import SetupError
from harness.base.findings import Finding
from harness.base.notes import Case, FlowNotes
from harness.base.records import NONE, CommandKind, Commands, EventKind, Int64Array
from harness.compose import plugs
from harness.compose.trial import Trial, Tried
from harness.shrink.tries import Sight

LOOKS = 64
"""How often the book is asked in a long tape, where the check needs it; in a short one after each command."""
RUNS = 16
"""How often a short tape is driven, or changed by a relation, where runs are compared: two runs may be alike by chance."""
SHORT = 512
"""Commands of a short tape."""
REFUSALS = (EventKind.REJECTED, EventKind.CANCEL_REJECTED, EventKind.REPLACE_REJECTED)
ATTEMPTS = 4
"""How often a tape is tried before it is said not to show the finding any more: an engine may have its good moments."""


class Again:
    """Holds what is looked for, and what came of the last tape."""

    def __init__(self, trial: Trial, check: str, kind: str) -> None:
        known = plugs.checks()
        if check not in known:
            raise SetupError(f"there is no check {check!r}; there are: {', '.join(known)}")
        self.finding: Finding | None = None
        """As the last tape shows it."""
        self.tried: Tried | None = None
        self._trial = trial
        self._check = check
        self._kind = kind
        self._needs = known[check].needs
        self._case: Case | None = None
        self._played: Commands | None = None
        """The commands of the case."""

    def ever(self, tape: Commands) -> Sight | None:
        """Where the tape shows the finding in one of some attempts, or None.

        To ask for the book is to wait for all answers, and some faults come only of many commands at once: so it is not always asked.
        """
        looks = [self._looks(tape), 0] * (ATTEMPTS // 2)
        return next((sight for every in looks if (sight := self._seen(tape, every))), None)

    def within(self, recorded: Commands, cases: tuple[Case, ...]) -> None:
        """A hand-made case says what its commands must give: they are looked for as a whole, at any place of a tape."""
        for case in cases if "cases" in self._needs else ():
            if case.name == self._kind:
                self._case = case
                self._played = _untimed(recorded[case.first - 1 : case.first - 1 + len(case.expect)])

    def __call__(self, tape: Commands) -> Sight | None:
        """Where the tape shows the finding, or None."""
        return self._seen(tape, self._looks(tape))

    def _seen(self, tape: Commands, snapshot_every: int) -> Sight | None:
        self.finding = self.tried = None
        cases = self.cases(tape)
        if self._case and not cases:
            return None
        tried = self.tried = self._trial.run(
            tape, (self._check,), runs=self._runs(tape), relations=(self._kind,) if "relations" in self._needs else (),
            snapshot_every=snapshot_every, notes=FlowNotes(least_accepted=0, cases=cases),
        )  # fmt: skip
        self.finding = next((finding for finding in tried.findings() if finding.kind == self._kind), None)
        if self.finding is None:
            return None
        # All of a case is needed, also what comes behind the command that went wrong.
        ends = [case.first + len(case.expect) - 1 for case in cases]
        number = max(ends, default=self.finding.first_command)
        return Sight(number, self.finding.orders, _idle(tried))

    def cases(self, tape: Commands) -> tuple[Case, ...]:
        """The case that is looked for, where it stands in the tape now."""
        if self._case is None or self._played is None:
            return ()
        rest, count = _untimed(tape), len(self._played)
        for at in np.flatnonzero(rest["order"][: max(len(rest) - count + 1, 0)] == self._played["order"][0]).tolist():
            if (rest[at : at + count] == self._played).all():
                return (msgspec.structs.replace(self._case, first=at + 1),)
        return ()

    def why_unknown(self) -> str:
        """Why the last tape says nothing of the finding; empty where it does, be it that the finding is gone."""
        if self.finding is not None:
            return ""
        if self.tried is None:
            return "the hand-made case is not whole among the commands"
        facts = self.tried.facts.get(self._check)
        if facts is None:
            return f"the check {self._check} cannot look at commands alone: it needs {', '.join(self._needs)}"
        return self.tried.failure or facts.unknown

    def _runs(self, tape: Commands) -> int:
        return (RUNS if len(tape) <= SHORT else 2) if {"repeats", "relations"} & {*self._needs} else 1

    def _looks(self, tape: Commands) -> int:
        """A check may look at the book where there is one, and say nothing of needing it: so a short tape always has one."""
        if "relations" in self._needs:
            # Who waits for the answer to each command sends them singly, and could not tell that from sending many.
            return 0
        if len(tape) <= SHORT:
            return 1
        return len(tape) // LOOKS if "book" in self._needs else 0


def _idle(tried: Tried) -> tuple[int, ...]:
    """The commands that were refused, and the new orders of which all went at once without a trade."""
    count, said = len(tried.commands), tried.events["command"]
    # Columns and marks, no records and no sets of numbers: a tape of a million commands has two million events.
    about = np.flatnonzero((said > 0) & (said <= count))
    place = said[about].astype(np.int64) - 1
    kind = tried.events["kind"][about]
    own = tried.commands["order"][place] == tried.events["order"][about]
    refused = np.isin(kind, REFUSALS)
    gone = refused | ((kind == EventKind.CANCELED) & own)
    stays = ~gone & (kind != EventKind.ACCEPTED)
    idle = _marked(place[gone], count) & (tried.commands["kind"] == CommandKind.NEW) | _marked(place[refused], count)
    return tuple((np.flatnonzero(idle & ~_marked(place[stays], count)) + 1).tolist())


def _marked(places: Int64Array, count: int) -> npt.NDArray[np.bool_]:
    marks = np.zeros(count, np.bool_)
    marks[places] = True
    return marks


def _untimed(commands: Commands) -> Commands:
    """A copy without numbers and times."""
    copy = commands.copy()
    copy["number"] = 0
    copy["due_ns"] = copy["sent_ns"] = NONE
    return copy
