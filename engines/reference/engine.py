"""The reference engine: arrays of commands in, arrays of events out. All rules stand in the kernels; here the arrays are handed around."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engines.reference.asked import Asked, asked_of
from engines.reference.kernel import SPARE, run
from engines.reference.layout import (
    EVENTS,
    FURTHER_PROBES,
    LIVE,
    LIVE_HIGH,
    LOOKUPS,
    MATCHES,
    PAGES,
    PAGES_HIGH,
    Capacities,
    Words,
    build,
)
from engines.reference.machine import U
from engines.reference.offered import CONVENTIONS
from engines.reference.snapshot import rows_of
from engines.reference.teller import EVENT_WORDS
from harness.base.bits import BookRows
from harness.base.capabilities import Conventions, Instrument
from harness.base.records import EVENT, Commands, Events

DEFAULT = Capacities()
LEAST_ROWS = 64
"""Of a buffer of events; the kernel needs SPARE at least."""
COUNTERS = {
    "events": EVENTS, "trades": MATCHES, "live_orders": LIVE, "live_orders_high": LIVE_HIGH, "price_pages": PAGES,
    "price_pages_high": PAGES_HIGH, "id_lookups": LOOKUPS, "id_further_probes": FURTHER_PROBES,
}  # fmt: skip


class ReferenceEngine:
    """A matching engine of many instruments that takes its commands one after another, a batch a call."""

    def __init__(
        self,
        instruments: Sequence[Instrument],
        conventions: Conventions = CONVENTIONS,
        capacities: Capacities = DEFAULT,
    ) -> None:
        self.state = build(tuple(instruments), conventions, capacities)

    @property
    def engine_seq(self) -> int:
        """The number of the last event."""
        return int(self.state.counts[EVENTS])

    def submit(self, commands: Commands) -> Events:
        """Carry the commands out in order; the events that answer them, in the order they happened."""
        asked = asked_of(commands)
        # Most commands are answered by two events or fewer; where more come, the kernel pauses and goes on in a further buffer.
        words = np.empty((2 * len(commands) + LEAST_ROWS, EVENT_WORDS), np.uint64)
        row, count = self.step(asked, 0, words)
        parts = [words[:count]]
        while row < len(commands):
            words = np.empty((max(2 * len(commands), 16 * LEAST_ROWS), EVENT_WORDS), np.uint64)
            row, count = self.step(asked, row, words)
            parts.append(words[:count])
        told = parts[0] if len(parts) == 1 else np.concatenate(parts)
        return told.reshape(-1).view(EVENT)

    def step(self, asked: Asked, row: int, told: Words) -> tuple[int, int]:
        """Carry out commands from `row` on, as far as `told` has room; the next command's row, the number of events.

        `told` has shape (n, 14) with n of at least SPARE. Who brings it himself pays for no memory but his own.
        """
        if len(told) < SPARE:
            raise ValueError(f"a buffer of {len(told)} events: wanted {SPARE} at least")
        row, count = run(self.state, asked, U(row), told)
        return int(row), int(count)

    def snapshot(self) -> BookRows:
        """The resting orders and waiting stops of all instruments, in digest order."""
        return rows_of(self.state)

    def counters(self) -> dict[str, int]:
        """How much is held, how much it was at most, and how far the lookups of ids had to go."""
        return {name: int(self.state.counts[at]) for name, at in COUNTERS.items()}
