"""How far an engine held up whoever drives it, by taking no more commands: what of a generator's lateness is the engine's doing.

What counts is the time in which gonogo's own thread slept between a command that was not taken and its being taken. A generator that is busy itself
does not sleep; so a lateness of its own is never laid at the engine's door by this. What it slept otherwise, since nothing was due, it has caught
up with: so holds that are far apart do not add up.
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
        """The most that it ever was behind for it."""
        self._behind_ns = 0
        self._slept_ns = 0
        self._clocks = wall_ns, own_ns

    def slept_ns(self) -> int:
        """How much more time has passed than this thread has worked: what it grows by was slept."""
        wall_ns, own_ns = self._clocks
        return wall_ns() - own_ns()

    def goes_on(self) -> None:
        """A session is asked to take more, and took all before: what was slept meanwhile was slept for want of anything due."""
        self._behind_ns = max(self._behind_ns - (self.slept_ns() - self._slept_ns), 0)

    def waited(self, ns: int) -> None:
        """A session has taken what it did not take before."""
        self._behind_ns += ns
        self.held_ns = max(self.held_ns, self._behind_ns)

    def took(self) -> None:
        """A session has taken all that there was."""
        self._slept_ns = self.slept_ns()

    def session(self, account: int) -> Session:
        return _Session(self, super().session(account))

    def sender(self) -> Session:
        return _Session(self, super().sender())


class _Session:
    """One session of it."""

    def __init__(self, engine: Held, session: Session) -> None:
        self._engine, self._session = engine, session
        self._since_ns: int | None = None
        """What was slept when it took too few; None while it takes all."""

    def send(self, commands: Commands) -> int:
        if self._since_ns is None:
            self._engine.goes_on()
        before_ns = self._engine.slept_ns()
        taken = self._session.send(commands)
        if taken < len(commands):
            self._since_ns = before_ns if self._since_ns is None else self._since_ns
            return taken
        if self._since_ns is not None:
            self._engine.waited(self._engine.slept_ns() - self._since_ns)
            self._since_ns = None
        self._engine.took()
        return taken

    def close(self) -> None:
        self._session.close()
