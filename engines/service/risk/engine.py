"""The reference engine behind the controls: arrays of stamped commands in, arrays of stamped events out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from engines.reference.asked import Asked, asked_of
from engines.reference.engine import DEFAULT, LEAST_ROWS, ReferenceEngine
from engines.reference.kernel import SPARE
from engines.reference.layout import Capacities, Words
from engines.reference.machine import U
from engines.reference.offered import CONVENTIONS
from engines.reference.teller import EVENT_WORDS
from engines.service.image import Parts, copy_of, image_of, parts_of, restore
from engines.service.risk.building import DEFAULT_ROOM, build
from engines.service.risk.image import image_of as image_of_ledger
from engines.service.risk.image import restore as restore_ledger
from engines.service.risk.kernel import run_guarded
from engines.service.risk.layout import LAST_STAMP, NEXT_END_NS, OPEN_ORDERS, PASSED, SHUT, Room
from harness.base.bits import BookRows
from harness.base.capabilities import Conventions, Instrument
from harness.base.controls import Controls
from harness.base.reasons import reason_name
from harness.base.records import EVENT, Commands, Events

NO_CONTROLS = Controls()
COUNTERS = {"commands": PASSED, "shut": SHUT, "open_orders_of_accounts": OPEN_ORDERS}


class GuardedReference:
    """A reference engine and the ledger of what its accounts do; a command's `sent_ns` is its stamp."""

    def __init__(
        self,
        instruments: Sequence[Instrument],
        conventions: Conventions = CONVENTIONS,
        controls: Controls = NO_CONTROLS,
        capacities: Capacities = DEFAULT,
        room: Room = DEFAULT_ROOM,
    ) -> None:
        self.engine = ReferenceEngine(instruments, conventions, capacities)
        self.ledger = build(tuple(instruments), controls, capacities.orders, room)

    @property
    def engine_seq(self) -> int:
        """The number of the last event, of the engine and of the controls."""
        return self.engine.engine_seq

    def submit(self, commands: Commands) -> Events:
        """Carry the commands out in order; the events that answer them, in the order they happened."""
        asked, row = asked_of(commands), 0
        parts: list[Words] = []
        while row < len(commands) or not parts:
            words = np.empty((2 * len(commands) + LEAST_ROWS, EVENT_WORDS), np.uint64)
            row, count = self.step(asked, row, words)
            parts.append(words[:count])
        told = parts[0] if len(parts) == 1 else np.concatenate(parts)
        return told.reshape(-1).view(EVENT)

    def step(self, asked: Asked, row: int, told: Words) -> tuple[int, int]:
        """Carry out commands from `row` on, as far as `told` has room; the next command's row, the number of events."""
        if len(told) < SPARE:
            raise ValueError(f"a buffer of {len(told)} events: wanted {SPARE} at least")
        row, count = run_guarded(self.engine.state, self.ledger, asked, U(row), told)
        return int(row), int(count)

    def due_ns(self) -> int | None:
        """The stamp at which the first pause of a breaker ends, which a tick of that stamp tells; None: nothing pauses."""
        end_ns = int(self.ledger.counts[NEXT_END_NS])
        return None if end_ns == LAST_STAMP else end_ns

    def shut(self) -> int:
        """How many accounts, firms and instruments are killed, disabled or halted."""
        return int(self.ledger.counts[SHUT])

    def snapshot(self) -> BookRows:
        """The resting orders and waiting stops of all instruments, in digest order."""
        return self.engine.snapshot()

    def state(self) -> Words:
        """All that it holds between two commands, as words: the engine's image behind its length, then the ledger's."""
        return _joined(parts_of(self.engine), image_of_ledger(self.ledger))

    def copy(self) -> Callable[[], Words]:
        """The same for later: what takes long is done when it is called, by any thread, whatever came meanwhile."""
        return partial(_joined, copy_of(parts_of(self.engine)), image_of_ledger(self.ledger))

    def load(self, state: Words) -> None:
        """Give an empty one of the same configuration the state.

        Raises:
            ValueError: it is not the state of such a one.
        """
        length = int(state[0]) if len(state) else 0
        if length >= len(state):
            raise ValueError(f"the state ends early: wanted {length} words of the engine and those of the ledger")
        restore(self.engine, state[1 : 1 + length])
        restore_ledger(self.ledger, state[1 + length :])

    def counters(self) -> dict[str, int]:
        """Those of the engine, how many commands were handed on to it, and how many were refused here, by reason."""
        refused = self.ledger.refused
        by_reason = {f"refused: {reason_name(int(reason))}": int(refused[reason]) for reason in np.flatnonzero(refused)}
        own = {name: int(self.ledger.counts[at]) for name, at in COUNTERS.items()}
        return self.engine.counters() | own | by_reason


def _joined(parts: Parts, ledger: Words) -> Words:
    engine = image_of(parts)
    return np.concatenate([np.array([len(engine)], np.uint64), engine, ledger])
