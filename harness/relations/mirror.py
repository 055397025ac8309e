"""Swaps the sides and mirrors the prices: what was a sell at the highest price is a buy at the lowest.

An engine has most of its code twice, once a side, and the two drift apart: a comparison that was turned round in one of them only,
a best price that is looked for from the wrong end. Prices are mirrored within the range that the tape uses, so that nothing but the side
is new to the engine.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harness.base.bits import copied
from harness.base.records import NONE, Commands, Events, Side
from harness.relations import Changed, Relation, Tape
from harness.relations._fields import by_instrument, sent_whole, span


def _there(tape: Tape, chance: np.random.Generator) -> Changed:
    del chance
    return sent_whole(tape, _mirrored(tape, tape.commands))


def _back(tape: Tape, changed: Changed, events: Events) -> Events:
    del changed
    return _mirrored(tape, events)


def _mirrored(tape: Tape, records: Commands | Events) -> npt.NDArray[np.void]:
    """A copy; what is mirrored twice is as it was."""
    ends = {one.id: span(tape.commands, one.id, "price") for one in tape.instruments}
    sums = by_instrument(records, {number: sum(both) for number, both in ends.items() if both})
    copy = copied(records)
    copy["price"] = np.where(records["price"] == NONE, NONE, sums - records["price"])
    copy["side"] = np.where(records["side"] <= Side.SELL, 1 - records["side"], records["side"])
    return copy


RELATION = Relation(
    about="Sides swapped and prices mirrored: the same trades on the other side.", there=_there, back=_back
)
