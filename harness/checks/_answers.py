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

from harness.base.answers import ANSWERED_BY, MAY_STAY_UNTOLD
from harness.base.reasons import Reason
from harness.base.records import Channel, CommandKind, Commands, EventKind, Events, Int64Array, empty_commands
from harness.evidence.fold import Segment

UInt64Array: TypeAlias = npt.NDArray[np.uint64]
Whom: TypeAlias = tuple[int, int, int, int]
"""Number, kind, order and target of a waiting command."""
MOST_ON_COPY_ALONE = 1 << 16
"""Commands that a drop copy refused, and whose session may never say so, that are waited for; a long run has millions of them."""


class Waiting:
    """The commands that no event has named yet, on any channel but a drop copy: a client waits for its own session.

    `on_copy_too` is for who only counts: a refusal that a session may have no word for is an answer wherever it is told.
    """

    def __init__(self, *, on_copy_too: bool = False) -> None:
        self.commands: Commands = empty_commands(0)
        self._on_copy_too = on_copy_too
        self._refused: UInt64Array = np.zeros(0, np.uint64)
        """Those of the commands that the drop copy refused so, in its order."""
        self._left = 0
        """How many of these are waited for no longer."""

    @property
    def on_copy_alone(self) -> int:
        """How many commands a drop copy answered, in words that sessions may not have, and no session did."""
        return self._left + len(self._refused)

    @property
    def unanswered(self) -> int:
        """How many commands of the others nobody answered."""
        return len(self.commands) - len(self._refused)

    def first_answers(self, segment: Segment) -> tuple[Commands, Events]:
        """The commands whose first event came in this segment, and that event of each, by number; they wait no longer.

        Both arrays have the shape (answers,).
        """
        self.commands = by_number(np.concatenate((self.commands, segment.commands)))
        on_copy = segment.events["channel"] == Channel.DROP_COPY
        refused = on_copy & np.isin(segment.events["kind"], MAY_STAY_UNTOLD)
        wanted = ~on_copy | refused if self._on_copy_too else ~on_copy
        events = segment.events if wanted.all() else segment.events[wanted]
        named, first = np.unique(numbers(events, partial(whom, self.commands)), return_index=True)
        waited = np.isin(named, self.commands["number"], assume_unique=True)
        places = np.searchsorted(self.commands["number"], named[waited])
        answered = self.commands[places]
        self.commands = np.delete(self.commands, places)
        self._follow(segment.events["command"][refused])
        return answered, events[first[waited]]

    def _follow(self, refused: UInt64Array) -> None:
        """These were refused on the drop copy; the oldest that have no answer otherwise are left, where there are too many."""
        waiting = np.concatenate((self._refused, refused))
        waiting = waiting[np.isin(waiting, self.commands["number"])]
        left = waiting[: max(len(waiting) - MOST_ON_COPY_ALONE, 0)]
        if len(left):
            self.commands = self.commands[~np.isin(self.commands["number"], left)]
        self._left += len(left)
        self._refused = waiting[len(left) :]


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
