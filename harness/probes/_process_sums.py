"""Figures of several processes as one, over a time in which some end and others begin."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

Told = TypeVar("Told")
Who = TypeVar("Who", bound=Hashable)
SHARE = 1_000
"""A costly read takes this part of the time at the most: one of 1 ms is done each second, one of 20 ms each 20 s."""


class Total(Generic[Who]):
    """Counters that only grow, of all who were ever there: who is gone counts with what he had when he was last seen."""

    def __init__(self, width: int) -> None:
        self._gone = (0.0,) * width
        self._there: Mapping[Who, tuple[float, ...]] = {}
        self._ended = 0

    @property
    def seen(self) -> int:
        """How many there were so far."""
        return self._ended + len(self._there)

    def take(self, there: Mapping[Who, tuple[float, ...]]) -> tuple[float, ...]:
        """The sums with those that are there now; NaN as long as nobody was."""
        gone = [last for who, last in self._there.items() if who not in there]
        self._gone = added([self._gone, *gone])
        self._ended += len(gone)
        self._there = there
        return added([self._gone, *there.values()]) if self.seen else (math.nan,) * len(self._gone)


class Aside(Generic[Told]):
    """Has what takes long read by a thread beside whoever drives, and so seldom that it takes a small part of the time."""

    def __init__(self, clock_ns: Callable[[], int]) -> None:
        self._clock_ns = clock_ns
        self._next_ns = clock_ns()
        self._thread: threading.Thread | None = None
        self._told: Told | None = None

    def read(self, costly: Callable[[], Told]) -> Told | None:
        """What came of the last read, once: the first call begins one. None where none was due, or it is not done yet."""
        if self._thread is not None and self._thread.is_alive():
            return None
        told, self._told, self._thread = self._told, None, None
        if self._clock_ns() >= self._next_ns:
            self._thread = threading.Thread(target=self._do, args=(costly,), daemon=True)
            self._thread.start()
        return told

    def _do(self, costly: Callable[[], Told]) -> None:
        begun_ns = self._clock_ns()
        self._told = costly()
        self._next_ns = begun_ns + SHARE * (self._clock_ns() - begun_ns)


def added(rows: Iterable[tuple[float, ...]]) -> tuple[float, ...]:
    """Column by column; what one row lacks the sum lacks too."""
    return tuple(map(sum, zip(*rows, strict=True)))
