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
from harness.base.bits import copied, joined
from harness.base.records import COMMAND, Commands, empty_commands

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
        self._held = empty_commands(0)
        """Behind these: commands that wait for the answer to a replace. While they wait here other accounts go on."""
        self._port: OuchPort | None = None
        """Where it sent last."""

    def send(self, commands: Commands) -> int:
        """Take in what may go now, or soon; how many."""
        taken, until_s = 0, time.monotonic() + TURN_S
        while taken < len(commands):
            if self.go_on(until_s):
                self._take_in(commands[taken : taken + AT_ONCE])
                taken = min(taken + AT_ONCE, len(commands))
            elif self._runs or not (room := AT_ONCE - len(self._held)):
                break
            else:
                more = commands[taken : taken + room]
                self._held = joined((self._held, more), COMMAND)
                taken += len(more)
        if not self.go_on(until_s):
            self._client.behind.add(self)
        return taken

    def go_on(self, until_s: float) -> bool:
        """Send what waits, as its turn comes; whether nothing is left by that time."""
        while self._say_runs(until_s) and len(self._held):
            if not self._take_in(self._held):
                break
        return not self._runs and not len(self._held)

    def close(self) -> None:
        """The connection stays for other senders of its account; the engine offers no cancel on disconnect here."""

    def _say_runs(self, until_s: float) -> bool:
        """Whether none is left."""
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

    def _take_in(self, commands: Commands) -> int:
        """How many are written; the others, from one on that names an order whose number is not known yet, are held."""
        ports = {account: self._client.port_of(account) for account in set(commands["account"].tolist())}
        found = written(commands, ports, self._client.words)
        self._client.tell_unsaid(found.unsaid)
        self._runs.extend(found.runs)
        self._held = copied(commands[found.taken :])
        return found.taken
