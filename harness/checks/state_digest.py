"""The engine's own book is the one that its commands add up to, order by order and place by place.

Events can be right while the book behind them is not: an order that a neighbour's cancel took along is missed only when
somebody would have traded with it. So the book that the engine shows at quiet points is held against the model's, which is fed
by the commands alone.
"""

from __future__ import annotations

from collections import deque
from itertools import zip_longest
from typing import TypeAlias

import numpy as np

from harness.base.bits import BookRows, digest
from harness.base.findings import Facts, FindingLog
from harness.base.records import command_rows
from harness.base.words import book_side_name
from harness.checks import CheckPlug
from harness.checks._behind import Behind
from harness.evidence.fold import RunInfo, Segment, StateMark
from harness.oracle.model import Model
from harness.oracle.refusals import beyond

Row: TypeAlias = tuple[int, int, int, int, int, int]
"""Instrument, side, price, place from 0, order, remaining."""


class SameBook:
    """Feeds the model and compares it wherever the engine showed its book; the first difference ends that."""

    def __init__(self, run: RunInfo) -> None:
        self._run = run
        self._behind = Behind(run)
        self._beyond = ", ".join(beyond(run.capabilities))
        self._model = Model(run.instruments, run.conventions, run.capabilities)
        self._marks = deque(sorted(run.states, key=lambda mark: mark.number))
        self._unanswered = np.zeros(0, np.uint64)
        self._broken: tuple[StateMark, BookRows] | None = None
        """Where the engine's book was first another, and the model's there."""
        self._seen = 0

    def add(self, segment: Segment) -> None:
        """Apply the commands up to the last state that is to be compared."""
        waiting = np.concatenate((self._unanswered, segment.commands["number"]))
        self._unanswered = np.setdiff1d(waiting, segment.events["command"])
        behind = self._behind.of(segment)
        for command in command_rows(behind.commands):
            self._compare(command.number)
            if not self._marks or self._marks[0].number >= self._behind.ends_at:
                return
            self._model.apply(command)

    def facts(self) -> Facts:
        """The first state that differs; unknown where a command before it may or may not have happened."""
        self._compare(self._behind.known_to + 1)
        log = FindingLog("state_digest")
        unknown = f"there are no rules here for {self._beyond}" if self._beyond else ""
        if self._broken and not unknown:
            mark, wanted = self._broken
            lost = int(np.count_nonzero(self._unanswered <= mark.number)) if self._run.failure else 0
            if lost:
                unknown = f"commands before the book at {mark.number:,} were never answered ({lost:,} of them): what they did is unknown"
            elif not _report(log, mark, wanted, self._run.book(mark.number)):
                unknown = f"the book stored at {mark.number:,} is not the one whose digest was taken"
        return Facts(seen=self._seen, findings=log.findings(), unknown=unknown)

    def _compare(self, number: int) -> None:
        """Look at the books shown before this command."""
        while self._marks and self._marks[0].number < min(number, self._behind.ends_at):
            mark = self._marks.popleft()
            self._seen += 1
            book = self._model.book()
            if digest(book) != mark.digest:
                self._broken = (mark, book)
                self._marks.clear()


def _report(log: FindingLog, mark: StateMark, wanted: BookRows, got: BookRows) -> bool:
    """Tell the first difference; False where there is none."""
    expected, shown = _first_difference(sorted(wanted.tolist()), sorted(got.tolist()))
    row = expected or shown
    if row is None:
        return False
    where = f"instrument {row[0]}, {book_side_name(row[1])} {row[2]}: "
    log.add(
        "book", f"after command {mark.number:,} the engine's book is not what its commands add up to",
        command=mark.number, expected=where + _say(expected), got=where + _say(shown),
        orders=tuple(dict.fromkeys(row[4] for row in (expected, shown) if row)),
    )  # fmt: skip
    return True


def _first_difference(wanted: list[Row], got: list[Row]) -> tuple[Row | None, Row | None]:
    """What should stand at the first place that differs, and what does; None for nothing."""
    for want, told in zip_longest(wanted, got):
        if want != told:
            if want and told and want[:4] != told[:4]:
                return (want, None) if want < told else (None, told)
            return want, told
    return None, None


def _say(row: Row | None) -> str:
    return f"order {row[4]} x {row[5]} at place {row[3] + 1}" if row else "no further order"


CHECK = CheckPlug(
    about="the engine's own book is the one that its commands add up to",
    start=SameBook,
    needs=("one_order", "book"),
)
