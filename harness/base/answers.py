"""Which kinds of events answer which kinds of commands: one table for adapters, evidence and checks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harness.base.reasons import Reason
from harness.base.records import CommandKind, EventKind, Events

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
_ANSWERS = tuple(sorted({int(kind) for kinds in ANSWERED_BY.values() for kind in kinds}))
_ASKED_FOR = (Reason.NONE, Reason.USER)
_HALTS = (EventKind.HALTED, EventKind.RESUMED)


def are_answers(events: Events) -> npt.NDArray[np.bool_]:
    """Which events answer a command, by kind and reason alone; shape (events,).

    `canceled` answers a cancel where somebody asked for it, and is an effect of all else. A halt that names nobody is a breaker's.
    """
    kinds = events["kind"]
    answers = np.isin(kinds, _ANSWERS)
    answers &= (kinds != EventKind.CANCELED) | np.isin(events["reason"], _ASKED_FOR)
    answers &= ~np.isin(kinds, _HALTS) | (events["order"] != 0)
    return answers
