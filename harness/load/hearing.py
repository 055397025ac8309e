"""Hears an engine while others trade with it: what its drop copy tells is kept beside what they are told, and merged once all is done."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from harness.base.clock import Clock
from harness.base.errors import EngineError
from harness.evidence.journal import Journal
from harness.port import WAIT_NS, Engine, hear_out


class Hearing:
    """A thread of its own, which ends with the context."""

    def __init__(self, engine: Engine, folder: Path, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._out = Journal(folder)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hearing", daemon=True)
        self.failure = ""
        """What the engine failed with, once it has."""
        self.trouble: BaseException | None = None
        """Why nothing more could be kept."""

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
        events["received_ns"] = self._clock.now_ns()
        self._out.events(events)
        return True
