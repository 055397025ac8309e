"""One sender's way to an engine over OUCH: whatever accounts it sends for, in its order.

Commands of several accounts go out through several connections, and what is sent on two of them may be taken in any order. So those of the next
account go out once those of the one before are answered. What waits for that is taken in and stands here, so that a round trip costs no more
than the wire does.
"""

from __future__ import annotations

import time
from collections import deque
from typing import Protocol

import numpy as np
import numpy.typing as npt

from engines.adapters._ouch_port import OuchPort, Words
from engines.adapters._ouch_writing import Run, written
from harness.base.records import Commands

AT_ONCE = 1024
"""Commands that are written in one go, and that wait here at the most. With 256 a command cost twice as much: each call of the socket wakes the engine."""
TURN_S = 0.02
"""How long a call goes on for, before whoever drives is given what was heard."""


class Ports(Protocol):
    """What a sender needs of the client that it is of."""

    words: Words
    behind: set[OuchSession]
    """Senders that took commands which could not go out yet."""

    def port_of(self, account: int) -> OuchPort | None:
        """The session of an account; None where there is none for it."""
        ...

    def tell_unsaid(self, numbers: npt.NDArray[np.uint64]) -> None:
        """These commands were never sent."""
        ...

    def wait_for_answers(self, port: OuchPort, until_s: float) -> bool:
        """Whether all that went out there is answered by that time."""
        ...


class OuchSession:
    """Keeps what it took and could not send yet."""

    def __init__(self, client: Ports) -> None:
        self._client = client
        self._runs: deque[Run] = deque()
        self._port: OuchPort | None = None
        """Where it sent last."""

    def send(self, commands: Commands) -> int:
        """Take in what may go now, or soon; how many."""
        taken, until_s = 0, time.monotonic() + TURN_S
        while self.go_on(until_s) and taken < len(commands):
            count = self._take_in(commands[taken : taken + AT_ONCE])
            taken += count
            if not count:
                break
        if self._runs:
            self._client.behind.add(self)
        return taken

    def go_on(self, until_s: float) -> bool:
        """Send what waits, as its turn comes; whether nothing is left by that time."""
        while self._runs:
            run = self._runs[0]
            if run.port is not self._port and self._port and not self._client.wait_for_answers(self._port, until_s):
                return False
            if not run.port.may_say:
                return False
            self._port = run.port
            run.port.say(run.raw, run.ends)
            self._runs.popleft()
            if time.monotonic() > until_s:
                break
        return not self._runs

    def close(self) -> None:
        """The connection stays for other senders of its account; the engine offers no cancel on disconnect here."""

    def _take_in(self, commands: Commands) -> int:
        ports = {account: self._client.port_of(account) for account in set(commands["account"].tolist())}
        found = written(commands, ports, self._client.words)
        self._client.tell_unsaid(found.unsaid)
        self._runs.extend(found.runs)
        return found.taken
