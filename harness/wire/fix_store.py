"""What one side of a FIX session must remember beyond a connection: its numbers, and what it sent that the other side may ask for again."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple, Protocol

from harness.wire.fix import Fields


class Kept(NamedTuple):
    """A message as it was sent, but for its header."""

    number: int
    sent: str
    """SendingTime."""
    kind: str
    body: Fields


class Store(Protocol):
    """The memory of one side."""

    next_in: int
    """The number that the other side's next message must have."""
    next_out: int
    """The number that the next message gets."""

    def keep(self, kind: str, sent: str, body: Fields) -> int:
        """Number a message, and keep it so that it can be sent again; its number."""
        ...

    def kept(self, begin: int, end: int, most: int) -> list[Kept]:
        """What was kept with numbers from `begin` to `end`, in order, at most so many."""
        ...

    def reset(self) -> None:
        """Both sides begin again at 1, and forget."""
        ...


class MemoryStore:
    """For a side that lives no longer than its process."""

    def __init__(self) -> None:
        self.next_in = self.next_out = 1
        self._kept: list[Kept] = []

    def keep(self, kind: str, sent: str, body: Fields) -> int:
        """Number it and keep it."""
        number, self.next_out = self.next_out, self.next_out + 1
        self._kept.append(Kept(number, sent, kind, body))
        return number

    def kept(self, begin: int, end: int, most: int) -> list[Kept]:
        """What is there of these numbers."""
        first = bisect_left(self._kept, begin, key=lambda one: one.number)
        return [one for one in self._kept[first : first + most] if one.number <= end]

    def reset(self) -> None:
        """Begin again."""
        self.next_in = self.next_out = 1
        self._kept.clear()
