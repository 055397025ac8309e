"""One sender's way to an engine over OUCH: whatever accounts it sends for, in its order.

Commands of several accounts go out through several connections, and what is sent on two of them may be taken in any order. So those of the next
account go out once those of the one before are answered, but of a sender that keeps no order between accounts. What waits for that is taken in
and stands here, so that a round trip costs no more than the wire does.
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
AGAIN_S = 0.05
"""How long what waits for an answer is left alone while none comes."""
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

    def __init__(self, client: Ports, *, apart: bool = False) -> None:
        """`apart`: accounts keep no order between them."""
        self._client, self._apart = client, apart
        self._runs: deque[Run] = deque()
        self._held = empty_commands(0)
        """Behind these: commands that wait for the answer to a replace. While they wait here other accounts go on."""
        self._seen = -1
        """How much was answered when that was last tried."""
        self._again_s = 0.0
        """When it is tried all the same, since nothing is waited for for ever."""
        self._port: OuchPort | None = None
        """Where it sent last."""

    def send(self, commands: Commands) -> int:
        """Take in what may go now, or soon; how many."""
        taken, until_s = 0, time.monotonic() + TURN_S
        while taken < len(commands):
            is_clear = self.go_on(until_s)
            room = AT_ONCE - len(self._held)
            if self._runs or not room:
                break
            more = commands[taken : taken + room]
            more = joined((self._held, more), COMMAND) if len(self._held) else more
            if is_clear or self._apart:
                self._take_in(more)
            else:
                self._held = more
            taken = min(taken + room, len(commands))
        if not self.go_on(until_s):
            self._client.behind.add(self)
        return taken

    def go_on(self, until_s: float) -> bool:
        """Send what waits, as its turn comes; whether nothing is left by that time."""
        say = self._say_apart if self._apart else self._say_in_turn
        while (say(until_s) or self._apart) and self._may_take() and self._take_in(self._held):
            pass
        return not self._runs and not len(self._held)

    def close(self) -> None:
        """The connection stays for other senders of its account; the engine offers no cancel on disconnect here."""

    def _may_take(self) -> bool:
        """Whether what is held may be written by now."""
        return len(self._held) > 0 and (
            self._client.words.ids.settled != self._seen or time.monotonic() > self._again_s
        )

    def _say_apart(self, until_s: float) -> bool:
        """Say all that their sessions take; whether none is left."""
        del until_s
        waiting: deque[Run] = deque()
        full: set[OuchPort] = set()
        for run in self._runs:
            if run.port in full or not run.port.takes(run.packets):
                full.add(run.port)
                waiting.append(run)
            else:
                run.port.say(run.packets)
        self._runs = waiting
        return not waiting

    def _say_in_turn(self, until_s: float) -> bool:
        """Say them one after another; whether none is left by that time."""
        while self._runs:
            run = self._runs[0]
            if run.port is not self._port and self._port and not self._client.wait_for_answers(self._port, until_s):
                return False
            if not run.port.takes(run.packets):
                return False
            self._port = run.port
            run.port.say(run.packets)
            self._runs.popleft()
            if time.monotonic() > until_s:
                break
        return not self._runs

    def _take_in(self, commands: Commands) -> int:
        """How many are written; the others, from one on that names an order whose number is not known yet, are held."""
        ports = {account: self._client.port_of(account) for account in set(commands["account"].tolist())}
        self._seen, self._again_s = self._client.words.ids.settled, time.monotonic() + AGAIN_S
        found = written(commands, ports, self._client.words, apart=self._apart)
        self._client.tell_unsaid(found.unsaid)
        self._runs.extend(found.runs)
        waits = np.ones(len(commands), np.bool_)
        waits[: found.taken] = found.left
        self._held = copied(commands[waits])
        return len(commands) - len(self._held)
