"""What those who traded were told, and when: each command's answer on its own session, which checks that read times are given.

Of a history of several channels all other checks are given the drop copy's word (`one_order.py`). But a client waits for its own session,
however soon a drop copy tells it to somebody else. So of those who read times, each command ends with its answer on its session; the drop copy's
answer stands beside it, on its own channel.

An answer that names no command, as a cancel's over OUCH, belongs to the one whose answer on the drop copy is its twin: of each order the first
with the first, as each channel keeps the order of its events. A session has no word for every refusal: what came too late it may leave unsaid, and
then the drop copy's answer stands alone.
"""

from __future__ import annotations

from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from harness.base.answers import MAY_STAY_UNTOLD, are_answers
from harness.base.bits import copied, joined
from harness.base.reasons import Reason
from harness.base.records import EVENT, Channel, EventKind, Events, Int64Array
from harness.evidence.fold import Segment
from harness.evidence.one_order import OneOrder, Ordering

Rows: TypeAlias = npt.NDArray[np.intp]
NO_ANSWER = np.uint64(2**64 - 1)
"""In place of the number of a command: a session tells of an order in the words of an answer, and the drop copy that it answers nobody."""
MOST_TAKEN = 1 << 16
"""Orders that mass cancels took and no session told of that are kept: some wires have other words for them."""


class Sessions(Protocol):
    """Makes of each stretch of history what checks of times are given of it."""

    def of(self, came: Segment, ordered: Segment) -> Segment:
        """What came, and what was made of it for the other checks."""
        ...

    def rest(self, ordered: Segment) -> Segment:
        """What is left at the end of the history, and what that is for the other checks."""
        ...


def own_sessions(order: Ordering) -> Sessions:
    """Of a history that is put in order so; of one channel it is what all checks are given."""
    return OwnSessions(order) if isinstance(order, OneOrder) else AsOrdered()


class AsOrdered:
    """A history of one channel: the same object goes out."""

    def of(self, came: Segment, ordered: Segment) -> Segment:
        """What the others are given."""
        del came
        return ordered

    def rest(self, ordered: Segment) -> Segment:
        """The same of the end."""
        return ordered


class OwnSessions:
    """Keeps the answers that one channel told and the other did not yet: as many as one lags behind the other."""

    def __init__(self, order: OneOrder) -> None:
        self._order = order
        self._told: Events = np.zeros(0, EVENT)
        """By sessions, of commands that the drop copy has not answered."""
        self._copied: Events = np.zeros(0, EVENT)
        """By the drop copy, of commands that no session has answered."""

    def of(self, came: Segment, ordered: Segment) -> Segment:
        """The commands as they are ordered, each not before it is known to be sent; behind them answers on sessions, then those on the drop copy."""
        answers = ordered.events[are_answers(ordered.events) & (ordered.events["command"] > 0)]
        said = came.events[are_answers(came.events) & (came.events["channel"] == Channel.ORDER)]
        self._told = joined((self._told, said), EVENT)
        self._name(answers, _taken(ordered.events))
        self._told = self._told[self._told["command"] != NO_ANSWER]
        numbers = self._told["command"]
        known = (numbers > 0) & ~self._order.waits(numbers)
        given, self._told = self._told[known], copied(self._told[~known])
        return Segment(ordered.commands, joined((given, answers), EVENT))

    def rest(self, ordered: Segment) -> Segment:
        """The commands that no drop copy answered, with what sessions told of them."""
        told, self._told = self._told, np.zeros(0, EVENT)
        return Segment(ordered.commands, told)

    def _name(self, answers: Events, taken: Events) -> None:
        """Give what names no command the number that its twin has; the twins are done with."""
        sayable = ~np.isin(answers["kind"], MAY_STAY_UNTOLD)
        self._copied = joined((self._copied, answers[sayable], taken), EVENT)
        self._copied = self._copied[~np.isin(self._copied["command"], self._told["command"])]
        of_nobody = np.flatnonzero(self._copied["command"] == NO_ANSWER)
        self._copied = np.delete(self._copied, of_nobody[: max(len(of_nobody) - MOST_TAKEN, 0)])
        nameless = np.flatnonzero(self._told["command"] == 0)
        mine, theirs = _twins(self._told[nameless], self._copied)
        self._told["command"][nameless[mine]] = self._copied["command"][theirs]
        self._copied = copied(np.delete(self._copied, theirs))


def _taken(events: Events) -> Events:
    """What a drop copy tells of orders that mass cancels took, as answers to nobody."""
    taken: Events = events[(events["kind"] == EventKind.CANCELED) & (events["reason"] == Reason.MASS_CANCEL)]
    taken["command"] = NO_ANSWER
    return taken


def _twins(told: Events, others: Events) -> tuple[Rows, Rows]:
    """The rows of both that say the same: of each order, or of an account's mass cancels, the first with the first, the second with the second."""
    both = joined((told, others), EVENT)
    about = np.where(both["kind"] == EventKind.DONE, both["account"], both["order"])
    _, same = np.unique(about, return_inverse=True)
    same = same * 256 + both["kind"]
    count = len(told)
    keys = same * (len(both) + 1) + np.concatenate((_place(same[:count]), _place(same[count:])))
    _, mine, theirs = np.intersect1d(keys[:count], keys[count:], assume_unique=True, return_indices=True)
    return mine, theirs


def _place(same: Int64Array) -> Int64Array:
    """How many equal ones stand before each; shape (n,)."""
    rows = np.argsort(same, kind="stable")
    in_turn = same[rows]
    starts = np.flatnonzero(np.diff(in_turn, prepend=-1))
    place = np.empty(len(same), np.int64)
    place[rows] = np.arange(len(same)) - np.repeat(starts, np.diff(starts, append=len(same)))
    return place
