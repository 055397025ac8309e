"""What adapters share whose engine has answered all that it was sent when `send` returns.

There is one way in for everybody, and answers are held until they are asked for, also beyond the engine's death.
"""

from __future__ import annotations

from typing import Protocol

from harness.base.bits import joined
from harness.base.errors import EngineDiedError
from harness.base.records import EVENT, Commands, Events


class Taker(Protocol):
    """An adapter with one way in."""

    def take(self, commands: Commands) -> int:
        """Have the engine carry out commands; how many it took."""
        ...


class Sender:
    """One sender's way to the engine, which it shares with all others: a command names its account itself."""

    def __init__(self, adapter: Taker) -> None:
        self._adapter = adapter

    def send(self, commands: Commands) -> int:
        return self._adapter.take(commands)

    def close(self) -> None:
        """Nothing to let go of: its orders stay, as the engine offers no cancel on disconnect."""


class AtOnce:
    """An engine that is alive for as long as nothing says why it is gone."""

    def __init__(self) -> None:
        self._events: list[Events] = []
        self._gone = "the engine was not started"

    def take(self, commands: Commands) -> int:
        """Have the engine carry out commands; how many it took."""
        raise NotImplementedError

    def session(self, account: int) -> Sender:
        """All sessions reach the one engine in the order they are called; each command names its own account."""
        del account
        self._living()
        return Sender(self)

    def poll(self, wait_ns: int) -> Events:
        """What was answered since the last poll. It never waits; what an engine said before it failed is handed on first."""
        del wait_ns
        if not self._events:
            self._living()
        told, self._events = self._events, []
        # Joining copies: what came of one batch is handed on as it is.
        return told[0] if len(told) == 1 else joined(told, EVENT)

    def _living(self) -> None:
        if self._gone:
            raise EngineDiedError(self._gone)
