"""Events are published in bundles: so many at a time, or what there is once the oldest has waited long enough.

A bundle is a count and a boundary, no copy of its own: what is published goes out as one array, cut where bundles end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from harness.base.bits import joined
from harness.base.records import EVENT, Events


@dataclass(slots=True)
class BundleCounts:
    """What went into bundles, and what came out of them."""

    events_in: int = 0
    events_out: int = 0
    bundles: int = 0


class Bundler:
    """Holds back the last bundle while it is not full and its oldest event is young."""

    def __init__(self, most: int, oldest_ns: int, now_ns: Callable[[], int]) -> None:
        if most < 1 or oldest_ns < 0:
            raise ValueError(f"bundles of {most} events, held for {oldest_ns} ns; wanted 1 or more, and 0 ns or more")
        self.counts = BundleCounts()
        self._most = most
        self._oldest_ns = oldest_ns
        self._now_ns = now_ns
        self._held: list[Events] = []
        self._count = 0
        self._since_ns = 0

    def add(self, events: Events) -> None:
        """Take in events that may be published."""
        if not len(events):
            return
        if not self._count:
            self._since_ns = self._now_ns()
        self._held.append(events)
        self._count += len(events)
        self.counts.events_in += len(events)

    def take(self, *, flush: bool = False) -> Events:
        """The events of all bundles that are full, or old enough, or of all with `flush`; the rest is held on."""
        late = flush or (self._count > 0 and self._now_ns() - self._since_ns >= self._oldest_ns)
        count = self._count if late else self._count - self._count % self._most
        if not count:
            return np.zeros(0, EVENT)
        held = joined(self._held, EVENT)
        out, rest = held[:count], held[count:]
        self._held, self._count = [rest] if len(rest) else [], len(rest)
        if len(rest):
            self._since_ns = self._now_ns()
        self.counts.events_out += count
        self.counts.bundles += -(-count // self._most)
        return out

    def due_in_ns(self) -> int | None:
        """How long until what is held must go; None where nothing is."""
        return max(self._since_ns + self._oldest_ns - self._now_ns(), 0) if self._count else None
