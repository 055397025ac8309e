"""One order of all commands and events, out of the streams of several channels: what every check but `channels_agree` is given.

Over a wire like OUCH a client hears on its order sessions only its own side of each trade, answers name no command, and what several
sessions send reaches the engine in an order that only the drop copy tells. So here the drop copy's events stand for all: in the
engine's own order, each with the number of the command that it belongs to, and the commands in the order in which the engine carried
them out. Numbers stay those that the commands were sent under, so that a finding names them; they need not rise any more.

Whose an event is follows from what it says. An answer belongs to the oldest command that waits for one about the same order, as each
session keeps its order; effects belong to the answer before them, the cancels of a mass cancel to the `done` behind them. Where the
drop copy tells the engine's own number of the command, events of one number belong together. What belongs to no command that was
sent, such as what an operator asked for, keeps the number 0.

A command that the wire cannot say was never sent. The adapter answers it by itself, on no channel (`Channel.NONE`), and it is no part of
what checks are given.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from harness.base.answers import ANSWERED_BY, are_answers
from harness.base.bits import copied, joined
from harness.base.capabilities import Capabilities
from harness.base.reasons import Reason
from harness.base.records import COMMAND, EVENT, Channel, CommandKind, Commands, EventKind, Events, Int64Array
from harness.evidence.as_said import AsSaid, are_unsaid
from harness.evidence.fold import Segment

Flags: TypeAlias = npt.NDArray[np.bool_]
Asked: TypeAlias = tuple[int, int, int]
"""What an answer must be about: the kind of the command, the order that it names, and its account, since accounts keep no order between them."""
_ASKS = {
    int(event): tuple(int(kind) for kind, answers in ANSWERED_BY.items() if event in answers) for event in EventKind
}
"""Which kinds of commands an event may answer."""


class Ordering(Protocol):
    """Makes of each stretch of history the stretch that checks are given."""

    def of(self, segment: Segment) -> Segment: ...

    def rest(self) -> Segment:
        """What is left at the end of the history: commands that nothing answered."""
        ...


def unsaid(events: Events) -> npt.NDArray[np.uint64]:
    """The numbers of the commands that the adapter itself says were never sent; of engines whose wire cannot say all."""
    told: npt.NDArray[np.uint64] = events["command"][are_unsaid(events)]
    return told


def ordering(capabilities: Capabilities) -> Ordering:
    """What puts the history of such an engine in order; of one channel it is in order already."""
    if "drop_copy" in capabilities.channels:
        return OneOrder()
    return AsItCame() if capabilities.says_all else AsSaid()


class AsItCame:
    """A history of one channel: the same objects go out that came in."""

    def of(self, segment: Segment) -> Segment:
        return segment

    def rest(self) -> Segment:
        return Segment(np.zeros(0, COMMAND), np.zeros(0, EVENT))


class OneOrder:
    """Keeps the commands that nothing answered yet, and the events whose command is not known yet."""

    def __init__(self) -> None:
        self._open: Commands = np.zeros(0, COMMAND)
        """By number."""
        self._waiting: dict[Asked, deque[int]] = defaultdict(deque)
        self._held: Events = np.zeros(0, EVENT)
        """The events of the last command on the drop copy, while none of them says which it is."""
        self._last: Events = np.zeros(0, EVENT)
        """The last event on the drop copy, with the engine's number of its command."""
        self._number = 0
        """The command that further effects belong to."""

    def of(self, segment: Segment) -> Segment:
        """The commands that were answered in this stretch, in the engine's order, and the events about them."""
        self._take(segment.commands)
        events = segment.events
        if not len(events):
            return Segment(np.zeros(0, COMMAND), np.zeros(0, EVENT))
        self._leave_out(unsaid(events))
        return self._ordered(events[events["channel"] == Channel.DROP_COPY])

    def rest(self) -> Segment:
        """The commands that nothing answered, and events that belong to none."""
        events, self._held = copied(self._held), np.zeros(0, EVENT)
        events["command"] = 0
        commands, self._open = self._open, np.zeros(0, COMMAND)
        self._waiting.clear()
        return Segment(commands, events)

    def waits(self, numbers: npt.NDArray[np.uint64]) -> Flags:
        """Which of these commands were sent and are not answered."""
        return np.isin(numbers, self._open["number"])

    def _take(self, commands: Commands) -> None:
        if not len(commands):
            return
        self._open = joined((self._open, commands), COMMAND)
        for number, asked in _asks(commands):
            self._waiting[asked].append(number)

    def _leave_out(self, numbers: npt.NDArray[np.uint64]) -> None:
        """Forget commands that were never sent."""
        if not len(numbers):
            return
        unsaid = np.isin(self._open["number"], numbers)
        for number, asked in _asks(self._open[unsaid]):
            self._waiting[asked].remove(number)
            if not self._waiting[asked]:
                del self._waiting[asked]
        self._open = self._open[~unsaid]

    def _ordered(self, told: Events) -> Segment:
        held, events = len(self._held), joined((self._held, told), EVENT)
        starts = _starts(joined((self._last, told), EVENT))[len(self._last) :]
        # Of what was held the first event begins a command; what was told before it is done with.
        starts = np.concatenate((np.arange(held) == 0, starts))
        if len(told):
            self._last = copied(told[-1:])
        groups: Int64Array = np.cumsum(starts, dtype=np.int64)
        numbers = np.zeros(int(groups[-1]) + 1 if len(groups) else 1, np.uint64)
        numbers[0] = self._number
        answered = self._answered(events, groups, numbers)
        # The last command may still be going on, and its answer stand at its end.
        whole = len(events) if answered else int(np.argmax(groups == groups[-1])) if len(groups) else 0
        self._held = copied(events[whole:])
        self._number = int(numbers[-1])
        events = events[:whole]
        events["command"] = numbers[groups[:whole]]
        return Segment(self._pop(numbers[1:]), events)

    def _answered(self, events: Events, groups: Int64Array, numbers: npt.NDArray[np.uint64]) -> bool:
        """Fill in the number of each group's command; whether that of the last is told by now."""
        answers = np.flatnonzero(are_answers(events))
        named, first = np.unique(groups[answers], return_index=True)
        rows = events[answers[first]]
        fields = (rows[name].tolist() for name in ("kind", "order", "account"))
        for group, (kind, order, account) in zip(named.tolist(), zip(*fields, strict=True), strict=True):
            if group:
                numbers[group] = self._asked(kind, order, account)
        return len(numbers) == 1 or (len(named) > 0 and int(named[-1]) == len(numbers) - 1)

    def _asked(self, kind: int, order: int, account: int) -> int:
        """The oldest command that such an event may answer; 0 where none waits."""
        for asked in _ASKS[kind]:
            key = (asked, order, account)
            if queue := self._waiting.get(key):
                number = queue.popleft()
                if not queue:
                    del self._waiting[key]
                return number
        return 0

    def _pop(self, numbers: npt.NDArray[np.uint64]) -> Commands:
        """Those of the open commands, in this order."""
        numbers = numbers[numbers > 0]
        places = np.searchsorted(self._open["number"], numbers)
        answered = copied(self._open[places])
        self._open = np.delete(self._open, places)
        return answered


def _asks(commands: Commands) -> Iterator[tuple[int, Asked]]:
    """The number of each command, and what its answer must be about."""
    fields = (commands[name].tolist() for name in ("number", "kind", "order", "target", "account"))
    for number, kind, order, target, account in zip(*fields, strict=True):
        named = order if kind == CommandKind.NEW else target
        yield number, (kind, named, account)


def _starts(events: Events) -> Flags:
    """Which events begin what a command gives; the first of all does."""
    if not len(events):
        return np.zeros(0, np.bool_)
    kinds, reasons, told = events["kind"], events["reason"], events["command"]
    of_mass = (kinds == EventKind.CANCELED) & ((reasons == Reason.MASS_CANCEL) | (reasons == Reason.KILLED))
    behind_mass = np.concatenate(([False], of_mass[:-1]))
    begins: Flags = are_answers(events) & ~((kinds == EventKind.DONE) & behind_mass)
    begins |= of_mass & ~behind_mass
    # Where the engine's own number is told, it alone says what belongs together.
    before = np.concatenate(([np.uint64(0)], told[:-1]))
    numbered = (told > 0) & (before > 0)
    begins[numbered] = (told != before)[numbered]
    begins[0] = True
    return begins
