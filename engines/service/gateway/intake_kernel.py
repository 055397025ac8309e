"""What becomes of each request of a batch by its number, and which order each names: a pass each, no array between."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harness.base.kernels import compiled
from harness.base.records import Int64Array
from harness.wire.ouch import Records
from harness.wire.ouch_symbols import Symbols, place_of

S, U8 = np.int64, np.uint64
NEW, REPLACE, CANCEL, MODIFY, MASS_CANCEL, DISABLE, ENABLE = map(ord, "OUXMCDE")
RESENT, IGNORED, UNNUMBERED, NUMBERED = range(4)
"""Its number is not above the last one; it names an order that the port never entered; it is taken, and has no number of its own, or one."""


class Numbering(NamedTuple):
    """One batch: what came, and what is found out."""

    requests: Records
    slots: Int64Array
    """Of the port that each came from."""
    fates: npt.NDArray[np.uint8]
    numbers: Int64Array
    """Its own; 0 where it has none."""
    named: Int64Array
    """That of the order that it names, which is not above what came before; 0: none."""

    def of(self, rows: npt.NDArray[np.bool_]) -> Numbering:
        """Some of the rows."""
        return Numbering(self.requests[rows], self.slots[rows], self.fates[rows], self.numbers[rows], self.named[rows])


def _number(work: Numbering, last: Int64Array) -> None:
    """Fill in all but what came; the highest number of each slot rises."""
    for row in range(len(work.requests)):
        kind, number, slot = work.requests[row]["type"], S(work.requests[row]["user_ref_num"]), work.slots[row]
        work.numbers[row], work.named[row], work.fates[row] = 0, 0, UNNUMBERED
        named = S(work.requests[row]["orig_user_ref_num"]) if kind == REPLACE else number
        if kind in (REPLACE, CANCEL, MODIFY) and named <= last[slot]:
            work.named[row] = named
        if kind in (NEW, REPLACE, MASS_CANCEL, DISABLE, ENABLE):
            work.fates[row] = NUMBERED if number > last[slot] else RESENT
            work.numbers[row] = number
            last[slot] = max(last[slot], number)


number = compiled(_number)


def _look_up(
    work: Numbering,
    rows: npt.NDArray[np.int32],
    entered: Records,
    symbols: Symbols,
    instruments: npt.NDArray[np.uint32],
) -> Any:
    """The instrument of the order that each names, 0 where it names none; who names one that never came is ignored. How many are not taken."""
    left = 0
    for row in range(len(work.requests)):
        kind, named = work.requests[row]["type"], work.named[row]
        place: Any = S(-1)
        if 0 < named < rows.shape[1]:
            place = place_of(symbols.sorted_symbols, entered[rows[work.slots[row], named]]["symbol"])
        instruments[row] = symbols.ids[symbols.places[place]] if place >= 0 else U8(0)
        if place < 0 and kind in (REPLACE, CANCEL, MODIFY) and work.fates[row] != RESENT:
            work.fates[row] = IGNORED
        left += work.fates[row] in (RESENT, IGNORED)
    return left


look_up = compiled(_look_up)
