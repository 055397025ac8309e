"""The reference engine inside gonogo's own process."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from engines.adapters._in_process import InProcess
from engines.reference.offered import CAPABILITIES, CONVENTIONS
from harness.base.capabilities import Conventions, Instrument
from harness.base.records import COMMAND, EVENT, Commands, Events
from harness.operations import Calling

if TYPE_CHECKING:
    from engines.reference.asked import Asked
    from engines.reference.engine import ReferenceEngine

ROOM = 2**15
"""Events that a batch of commands may lead to that are timed."""


class ReferenceInProcess(InProcess):
    """A reference engine seen through the port."""

    name = "reference"
    capabilities = CAPABILITIES
    own_conventions = CONVENTIONS

    @staticmethod
    def build(instruments: tuple[Instrument, ...], conventions: Conventions) -> ReferenceEngine:
        from engines.reference.engine import ReferenceEngine  # noqa: PLC0415 - numba, half a second, only when one is built

        engine = ReferenceEngine(instruments, conventions)
        # Its kernels are loaded, or compiled, before the first command is due.
        engine.submit(np.zeros(0, COMMAND))
        return engine

    @staticmethod
    def calling(engine: ReferenceEngine) -> Calling:
        return Direct(engine).calling

    @staticmethod
    def counted(engine: ReferenceEngine) -> dict[str, int]:
        return engine.counters()


class Direct:
    """The engine's own step, which writes into memory that is kept, as a service around it has it do."""

    def __init__(self, engine: ReferenceEngine) -> None:
        self._engine = engine
        # Written to now: else its first use would be timed with what the system takes to give memory.
        self._events = np.ones(ROOM, EVENT)
        self._words = self._events.view(np.uint64).reshape(ROOM, -1)

    def calling(self, commands: Commands) -> Callable[[], Events]:
        """The call that carries the commands out."""
        from engines.reference.asked import asked_of  # noqa: PLC0415 - as above

        asked = asked_of(commands)
        return lambda: self._carry_out(asked)

    def _carry_out(self, asked: Asked) -> Events:
        row, count = self._engine.step(asked, 0, self._words)
        if row < len(asked.words):
            raise ValueError(f"{len(asked.words)} commands lead to more than {ROOM} events")
        return self._events[:count]


ENGINE = ReferenceInProcess
