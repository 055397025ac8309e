"""Which command an event answers: what pairs commands with events for the checks that need both.

An event carries the number of its command. Where a wire does not carry it, the number is 0, and an answer belongs to
the oldest waiting command that it could answer and that names the same order. This is no plug and no book: it knows
only who waits.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from harness.base.answers import ANSWERED_BY
from harness.base.reasons import Reason
from harness.base.records import CommandKind, Commands, EventKind, Events, Int64Array, empty_commands
from harness.evidence.fold import Segment

UInt64Array: TypeAlias = npt.NDArray[np.uint64]
Whom: TypeAlias = tuple[int, int, int, int]
"""Number, kind, order and target of a waiting command."""


class Waiting:
    """The commands that no event has named yet."""

    def __init__(self) -> None:
        self.commands: Commands = empty_commands(0)

    def first_answers(self, segment: Segment) -> tuple[Commands, Events]:
        """The commands whose first event came in this segment, and that event of each, by number; they wait no longer.

        Both arrays have the shape (answers,).
        """
        self.commands = by_number(np.concatenate((self.commands, segment.commands)))
        named, first = np.unique(numbers(segment.events, partial(whom, self.commands)), return_index=True)
        waited = np.isin(named, self.commands["number"], assume_unique=True)
        places = np.searchsorted(self.commands["number"], named[waited])
        answered = self.commands[places]
        self.commands = np.delete(self.commands, places)
        return answered, segment.events[first[waited]]


def numbers(events: Events, waiting: Callable[[], Iterable[Whom]]) -> UInt64Array:
    """The number of the command that each event belongs to; 0 where the event does not say it and answers none.

    Shape (events,). Only answers are looked up by their order: the effects of a command keep the 0. Who waits is asked only where
    some event does not say its command.
    """
    told: UInt64Array = events["command"]
    if told.all():
        return told
    untold: Int64Array = np.flatnonzero((told == 0) & ~_by_itself(events))
    found = told.copy()
    by_order = _by_order(waiting() if untold.size else ())
    for place, kind, order in zip(untold.tolist(), *columns(events[untold], "kind", "order"), strict=True):
        queues = (by_order.get((command, order)) for command, answers in ANSWERED_BY.items() if kind in answers)
        found[place] = next((queue.popleft() for queue in queues if queue), 0)
    return found


def by_number(commands: Commands) -> Commands:
    """The commands with rising numbers: in a history of several sessions they stand as the engine carried them out."""
    told = commands["number"]
    return commands if (told[:-1] <= told[1:]).all() else commands[np.argsort(told)]


def whom(commands: Commands) -> Iterator[Whom]:
    """What `numbers` needs to know of each command."""
    return rows(commands, "number", "kind", "order", "target")


def columns(records: npt.NDArray[np.void], *fields: str) -> list[list[Any]]:
    """The fields as lists of Python integers: a loop over numpy's own scalars takes several times as long."""
    return [records[field].tolist() for field in fields]


def rows(records: npt.NDArray[np.void], *fields: str) -> Iterator[tuple[Any, ...]]:
    """The fields of each record in turn."""
    return zip(*columns(records, *fields), strict=True)


def _by_itself(events: Events) -> npt.NDArray[np.bool_]:
    """Which events are cancellations that nobody asked for, such as an IOC's remainder: no answer to a cancel."""
    wanted = np.isin(events["reason"], (Reason.NONE, Reason.USER))
    canceled: npt.NDArray[np.bool_] = events["kind"] == EventKind.CANCELED
    return canceled & ~wanted


def _by_order(waiting: Iterable[Whom]) -> dict[tuple[int, int], deque[int]]:
    """(kind of command, order id) -> the numbers of those that wait for an answer about that order, oldest first."""
    found: dict[tuple[int, int], deque[int]] = defaultdict(deque)
    for number, kind, order, target in waiting:
        found[kind, order if kind == CommandKind.NEW else target].append(number)
    return found
