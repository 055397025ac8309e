"""Which kinds of events answer which kinds of commands: one table for adapters, evidence and checks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harness.base.reasons import Reason
from harness.base.records import Channel, CommandKind, Event, EventKind, Events, events_of

ANSWERED_BY = {
    CommandKind.NEW: (EventKind.ACCEPTED, EventKind.REJECTED),
    CommandKind.CANCEL: (EventKind.CANCELED, EventKind.CANCEL_REJECTED, EventKind.REJECTED),
    CommandKind.REPLACE: (EventKind.REPLACED, EventKind.REPLACE_REJECTED, EventKind.REJECTED),
    CommandKind.MASS_CANCEL: (EventKind.DONE, EventKind.REJECTED),
    CommandKind.HALT: (EventKind.HALTED, EventKind.REJECTED),
    CommandKind.RESUME: (EventKind.RESUMED, EventKind.REJECTED),
    CommandKind.KILL_ACCOUNT: (EventKind.DONE, EventKind.REJECTED),
    CommandKind.PHASE: (EventKind.PHASE, EventKind.REJECTED),
    CommandKind.ENABLE: (EventKind.DONE, EventKind.REJECTED),
    CommandKind.LIMIT: (EventKind.DONE, EventKind.REJECTED),
    CommandKind.TICK: (EventKind.DONE, EventKind.REJECTED),
}
"""The events of which each kind of command gets exactly one; what else follows it are effects."""
MAY_STAY_UNTOLD = (EventKind.CANCEL_REJECTED, EventKind.REPLACE_REJECTED)
"""Answers that a session may have no word for, as one of OUCH: a drop copy alone tells them."""
_ANSWERS = np.zeros(256, np.bool_)
"""By kind of event. Tables, since events often come a few at a time, and looking through sets costs more than all else then."""
_ANSWERS[[int(kind) for kinds in ANSWERED_BY.values() for kind in kinds]] = True
_HALTS = np.zeros(256, np.bool_)
_HALTS[[EventKind.HALTED, EventKind.RESUMED]] = True


def unsaid(numbers: npt.NDArray[np.uint64]) -> Events:
    """What an adapter tells of commands that were never sent, since they cannot be said: an event each, of no channel."""
    one = events_of([Event(kind=EventKind.REJECTED, reason=Reason.UNSUPPORTED, channel=Channel.NONE)])
    events = np.repeat(one, len(numbers))
    events["command"] = numbers
    return events


def are_answers(events: Events) -> npt.NDArray[np.bool_]:
    """Which events answer a command, by kind and reason alone; shape (events,).

    `canceled` answers a cancel where somebody asked for it, and is an effect of all else. A halt that names nobody is a breaker's.
    """
    kinds, reasons = events["kind"], events["reason"]
    answers: npt.NDArray[np.bool_] = _ANSWERS[kinds]
    answers &= (kinds != EventKind.CANCELED) | (reasons == Reason.USER) | (reasons == Reason.NONE)
    answers &= ~_HALTS[kinds] | (events["order"] != 0)
    return answers
