"""Which commands were answered, in memory that grows with those that are not: a run may be of any length."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FIRST_ROOM = 1 << 16


class Answered:
    """A set of command numbers from 1 on that is mostly all up to some number: only what lies behind that is kept one by one."""

    def __init__(self) -> None:
        self._before = 1
        """All numbers below this one are in the set."""
        self._flags = np.zeros(FIRST_ROOM, np.bool_)
        self._upto = 0

    def sent(self, upto: int) -> None:
        """The commands up to this number were sent: only they can be answered."""
        self._upto = upto
        if upto - self._before >= len(self._flags):
            self._make_room()

    def add(self, numbers: npt.NDArray[np.uint64]) -> None:
        """Take in the commands that some events answer; 0 and what was never sent are no commands."""
        known = numbers[(numbers >= self._before) & (numbers <= self._upto)]
        self._flags[known - np.uint64(self._before)] = True

    def has_all(self) -> bool:
        """Whether every command that was sent is answered."""
        return bool(self._flags[: self._upto + 1 - self._before].all())

    def _make_room(self) -> None:
        """Drop what is answered without a gap; what is left fills at most half of the room."""
        open_ones = np.flatnonzero(~self._flags)
        done = int(open_ones[0]) if len(open_ones) else len(self._flags)
        left = self._flags[done:]
        self._before += done
        room = max(FIRST_ROOM, 2 * len(left), 2 * (self._upto - self._before + 1))
        self._flags = np.zeros(room, np.bool_)
        self._flags[: len(left)] = left
