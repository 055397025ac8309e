"""For how long an engine held up whoever drives it, by taking no more commands: what of a generator's lateness is the engine's doing.

What counts is the time in which gonogo's own thread slept between a command that was not taken and its being taken. A generator that is busy itself
does not sleep; so a lateness of its own is never laid at the engine's door by this.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from harness.base.records import Commands
from harness.compose.guard import Guarded
from harness.port import Engine, Session


class Held(Guarded):
    """An engine that is watched for it."""

    def __init__(
        self, engine: Engine, wall_ns: Callable[[], int] = time.monotonic_ns, own_ns: Callable[[], int] = time.thread_time_ns
    ) -> None:  # fmt: skip
        super().__init__(engine)
        self.held_ns = 0
        """In all, since it was made."""
        self.slept_ns: Callable[[], int] = lambda: wall_ns() - own_ns()
        """How much longer there has been time than this thread has worked: what it grows by was slept."""

    def session(self, account: int) -> Session:
        return _Session(self, super().session(account))


class _Session:
    """One session of it."""

    def __init__(self, engine: Held, session: Session) -> None:
        self._engine, self._session = engine, session
        self._since_ns: int | None = None
        """What was slept when it took too few; None while it takes all."""

    def send(self, commands: Commands) -> int:
        before_ns = self._engine.slept_ns()
        taken = self._session.send(commands)
        if taken < len(commands):
            self._since_ns = before_ns if self._since_ns is None else self._since_ns
        elif self._since_ns is not None:
            self._engine.held_ns += max(self._engine.slept_ns() - self._since_ns, 0)
            self._since_ns = None
        return taken

    def close(self) -> None:
        self._session.close()
