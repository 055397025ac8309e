"""Moves all prices of an instrument by as many steps as its bounds leave room for, up or down.

Only differences of prices matter to matching. A price that is kept in 32 bits or as floating point, and one that is an index of a bucket
or of a ladder of so many ticks, is right where it was tested and wrong far away from there.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harness.base.bits import copied
from harness.base.capabilities import Instrument
from harness.base.records import NONE, Commands, Events
from harness.relations import Changed, Relation, Tape
from harness.relations._fields import by_instrument, sent_whole, span


def _there(tape: Tape, chance: np.random.Generator) -> Changed | str:
    del chance
    shifts = _shifts(tape)
    if not any(shifts.values()):
        return "the prices of the tape reach from bound to bound"
    return sent_whole(tape, _shifted(tape.commands, shifts))


def _back(tape: Tape, changed: Changed, events: Events) -> Events:
    del changed
    return _shifted(events, {number: -shift for number, shift in _shifts(tape).items()})


def _shifts(tape: Tape) -> dict[int, int]:
    """By how many ticks the prices of each instrument are moved."""
    return {one.id: _shift(one, tape.commands) for one in tape.instruments}


def _shift(one: Instrument, commands: Commands) -> int:
    """As far as one bound lets the prices move, in the direction in which that is farther."""
    used = span(commands, one.id, "price")
    if used is None:
        return 0
    up, down = (
        (room // one.price_step) * one.price_step for room in (one.price_max - used[1], used[0] - one.price_min)
    )
    return up if up >= down else -down


def _shifted(records: Commands | Events, shifts: dict[int, int]) -> npt.NDArray[np.void]:
    copy = copied(records)
    copy["price"] = np.where(records["price"] == NONE, NONE, records["price"] + by_instrument(records, shifts))
    return copy


RELATION = Relation(
    about="All prices moved by as much as there is room: the same trades there.", there=_there, back=_back
)
