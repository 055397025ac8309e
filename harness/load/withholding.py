"""An engine of which some commands are kept, since they would use an order id that another process used: told as such, as one client would."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from harness.base.answers import unsaid
from harness.base.bits import joined
from harness.base.records import EVENT, Commands, Events
from harness.load.shares import Share
from harness.port import Engine, Session


class Withholding:
    """What a drive sees of the engine; whatever else is asked is the engine's own to answer."""

    def __init__(self, engine: Engine, share: Share) -> None:
        self._engine, self._share = engine, share
        self._told: list[Events] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def session(self, account: int) -> Session:
        """A sender that keeps what must not be said."""
        return _Session(self, self._engine.session(account), self._share)

    def sender(self) -> Session:
        """The same for all accounts."""
        return _Session(self, self._engine.sender(), self._share)

    def poll(self, wait_ns: int) -> Events:
        """What the engine said, and what was kept."""
        events = self._engine.poll(0 if self._told else wait_ns)
        told, self._told = self._told, []
        return joined((*told, events), EVENT) if told else events

    def tell(self, numbers: npt.NDArray[np.uint64]) -> None:
        """These commands were kept."""
        self._told.append(unsaid(numbers))


class _Session:
    def __init__(self, engine: Withholding, session: Session, share: Share) -> None:
        self._engine, self._session, self._share = engine, session, share

    def send(self, commands: Commands) -> int:
        """How many were taken: sent, or kept."""
        kept = np.flatnonzero(self._share.are_strange(commands["number"]))
        taken = 0
        for place in [*kept.tolist(), len(commands)]:
            if place > taken:
                taken += self._session.send(commands[taken:place])
            if taken < place or place == len(commands):
                return taken
            self._engine.tell(commands["number"][place : place + 1])
            taken = place + 1
        return taken

    def close(self) -> None:
        self._session.close()
