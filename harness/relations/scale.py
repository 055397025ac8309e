"""Multiplies all quantities of an instrument by the greatest whole number that its bounds leave room for.

Matching takes the lesser of two quantities, and that scales. A quantity that is kept in 32 bits or as floating point does not, nor does a
threshold that somebody left in the code.
"""

from __future__ import annotations

import numpy as np

from harness.base.bits import copied
from harness.base.records import NONE, Commands, EventKind, Events
from harness.relations import Changed, Relation, Tape
from harness.relations._fields import by_instrument, sent_whole, span

NO_MULTIPLE = NONE + 1
"""Stands for what the factor does not divide: no quantity of the tape itself is this one, so that it cannot agree."""


def _there(tape: Tape, chance: np.random.Generator) -> Changed | str:
    del chance
    factors = _factors(tape)
    if max(factors.values(), default=1) == 1:
        return "the greatest quantity of the tape is more than half of what its instrument allows"
    return sent_whole(tape, _multiplied(tape.commands, factors))


def _factors(tape: Tape) -> dict[int, int]:
    """By what the quantities of each instrument are multiplied."""
    used = {one.id: span(tape.commands, one.id, "qty") for one in tape.instruments}
    return {one.id: one.qty_max // ends[1] for one in tape.instruments if (ends := used[one.id])}


def _multiplied(commands: Commands, factors: dict[int, int]) -> Commands:
    copy = copied(commands)
    for field in ("qty", "min_qty"):
        copy[field] = np.where(copy[field] == NONE, NONE, copy[field] * by_instrument(commands, factors, 1))
    return copy


def _back(tape: Tape, changed: Changed, events: Events) -> Events:
    """What counts orders, at the end of a mass cancel, is no quantity."""
    del changed
    copy = copied(events)
    factors = by_instrument(events, _factors(tape), 1)
    for field in ("qty", "remaining"):
        whole = np.where(copy[field] % factors == 0, copy[field] // factors, NO_MULTIPLE)
        is_quantity = (copy[field] != NONE) & (copy["kind"] != EventKind.DONE)
        copy[field] = np.where(is_quantity, whole, copy[field])
    return copy


RELATION = Relation(
    about="All quantities multiplied by as much as there is room: the same trades of as many times the quantity.",
    there=_there,
    back=_back,
)
