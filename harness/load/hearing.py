"""Hears an engine while others trade with it: what its drop copy tells is kept beside what they are told, and merged once all is done.

It may tell without end, so what is kept has the bound of any history, and is cut so that a part of it fits into memory.
"""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from harness.base.answers import are_answers
from harness.base.clock import Clock
from harness.base.errors import EngineError
from harness.evidence.journal import LIMIT_BYTES, SEGMENT_EVENTS, Journal
from harness.port import QUIET_NS, WAIT_NS, Engine, hear_out


class Hearing:
    """A thread of its own, which ends with the context."""

    def __init__(self, engine: Engine, folder: Path, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._out = Journal(folder, limit_bytes=LIMIT_BYTES, segment_events=SEGMENT_EVENTS)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hearing", daemon=True)
        self.failure = ""
        """What the engine failed with, once it has."""
        self.trouble: BaseException | None = None
        """Why nothing more could be kept."""
        self.answered = 0
        """How many commands are answered by what came."""
        self._last_ns = clock.now_ns()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()
        self._out.close()

    @property
    def heard(self) -> int:
        """How many events came."""
        return self._out.received

    @property
    def full(self) -> bool:
        """Whether as much came as is kept of one load: it must end then."""
        return self._out.full

    def has_answered(self, count: int) -> bool:
        """Whether so many commands are answered, and nothing has come for so long that no more will."""
        return self.answered >= count and self.quiet_ns > QUIET_NS

    @property
    def quiet_ns(self) -> int:
        """For how long nothing came."""
        return self._clock.now_ns() - self._last_ns

    def _run(self) -> None:
        try:
            while not self._over.is_set():
                self._receive(WAIT_NS)
            hear_out(self._engine, self._clock, self._receive)
        except EngineError as error:
            self.failure = str(error)
        except BaseException as error:
            self.trouble = error

    def _receive(self, wait_ns: int) -> bool:
        events = self._engine.poll(wait_ns)
        if not len(events):
            return False
        events["received_ns"] = self._last_ns = self._clock.now_ns()
        self.answered += int(are_answers(events).sum())
        self._out.events(events)
        return True
