"""The tape as small as it is by now, and what may still be spent on it: every change goes through here and is tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from harness.base.bits import digest
from harness.base.records import Commands


class Sight(NamedTuple):
    """Where a tape shows the fault."""

    number: int
    """The command at which it is seen, counted from 1; 0 where none is to blame."""
    orders: tuple[int, ...] = ()
    """The orders that it is about."""
    idle: tuple[int, ...] = ()
    """The commands that left no trace, such as what the engine refused: most faults do not need them."""


StillFails: TypeAlias = Callable[[Commands], Sight | None]
"""Tries a tape on an empty engine: where it shows the fault, or None."""


class Step(NamedTuple):
    """What was done to the tape, how many commands and tries that left it with."""

    what: str
    commands: int
    tries: int


class Tries:
    """Holds the smallest tape that was seen to fail. Once the budget is spent, nothing is tried and nothing changes.

    The budget does not count before the first success: that the fault is gone can be said only of the whole tape.
    """

    def __init__(
        self, tape: Commands, sight: Sight, still_fails: StillFails, most: int, expired: Callable[[], bool]
    ) -> None:
        self.tape = tape
        self.sight = sight
        self.made = 0
        self.proven = False
        """Whether the tape was seen to fail."""
        self._still_fails = still_fails
        self._most = most
        self._expired = expired
        self._lag = 0
        """Commands behind the finding's own that are needed before it can be seen."""
        self._harmless: set[str] = set()

    @property
    def spent(self) -> bool:
        """Whether the budget is used up."""
        return self.made >= self._most or self._expired()

    def keep(self, candidate: Commands) -> bool:
        """Whether the candidate fails too. Then it is cut behind the place at which it fails now, and is the tape if that is no longer."""
        sight = self.seen(candidate)
        if sight is None:
            return False
        while sight.number and sight.number + self._lag < len(candidate):
            cut = candidate[: sight.number + self._lag]
            if (earlier := self.seen(cut)) is not None:
                candidate, sight = cut, earlier
            else:
                # Some checks see a fault only when the next commands are answered.
                self._lag = 2 * self._lag + 1
        if len(candidate) <= len(self.tape):
            self.tape, self.sight = candidate, sight
        return True

    def seen(self, candidate: Commands) -> Sight | None:
        """Where the candidate fails; None if it does not, or did not before, or may not be tried any more."""
        if self.proven and self.spent:
            return None
        mark = digest(candidate)
        if mark in self._harmless:
            return None
        self.made += 1
        sight = self._still_fails(candidate)
        if sight is None:
            self._harmless.add(mark)
        else:
            self.proven = True
        return sight
