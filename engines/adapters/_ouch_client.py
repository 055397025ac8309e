"""A client of an engine that speaks OUCH 5.0: a session for each account, and the drop copy where there is one.

Within one session of the port, commands keep their order also where they are of several accounts, and so go out through several
sessions of OUCH: those of the next account wait until those of the one before are answered. Whoever opens a session for each account
keeps no order between them, and waits for nobody.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engines.adapters._drop_copy import events_of, translated
from engines.adapters._ouch_port import OuchPort, Words
from engines.adapters._soup_client import SoupClient
from harness.base.answers import are_answers
from harness.base.bits import joined
from harness.base.errors import EngineDiedError, EngineStartError
from harness.base.reasons import Reason
from harness.base.records import EVENT, Channel, Commands, Event, EventKind, Events
from harness.base.records import events_of as events_from
from harness.engine_file import Login
from harness.wire.ouch_symbols import Symbols

SILENT_S = 0.05
"""Without a drop copy: how long an account's last answers are waited for before those of another are sent. Some commands get none."""


class Numbered(NamedTuple):
    """A login with its number among all, by which a drop copy names it."""

    number: int
    login: Login


class Venue(NamedTuple):
    """What a client must know of the other side."""

    connect: Callable[[str], socket.socket]
    """By the name of an endpoint."""
    login_of: Callable[[int], Numbered | None]
    """By account."""
    drop_copy: Login | None
    symbols: Symbols
    firm: int
    timeout_s: float


class OuchClient:
    """Connected from the first command of each account on; the drop copy from the beginning."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._words = Words(venue.symbols, venue.firm, set())
        self._by_account: dict[int, OuchPort | None] = {}
        self._by_number: dict[int, OuchPort] = {}
        self._selector = selectors.DefaultSelector()
        self._told: list[Events] = []
        self.unsaid = 0
        """Commands that OUCH cannot say."""
        self._copy = self._opened(venue.drop_copy) if venue.drop_copy else None

    @property
    def said(self) -> int:
        """Commands that were sent."""
        return sum(port.said for port in self._by_number.values())

    def port_of(self, account: int) -> OuchPort | None:
        """The session of an account, opened when it is asked for first; None where there is none for it.

        Raises:
            EngineDiedError: it cannot be opened.
        """
        if account not in self._by_account:
            self._by_account[account] = self._open(account)
        return self._by_account[account]

    def say(self, port: OuchPort | None, commands: Commands) -> int:
        """Send commands of one account; how many were taken. What cannot be said is told by an event of no channel."""
        if port is None:
            count, unsaid = len(commands), commands["number"]
        elif not port.client.is_clear:
            return 0
        else:
            count, unsaid = port.say(commands)
        if len(unsaid):
            self.unsaid += len(unsaid)
            self._told.append(_unsaid(unsaid))
        return count

    def is_settled(self, port: OuchPort) -> bool:
        """Whether all that went out there is answered, as far as that can be known."""
        if port.answered >= port.said:
            return True
        return self._copy is None and time.monotonic() - port.said_s > SILENT_S

    def poll(self, wait_ns: int) -> Events:
        """What came on all sessions and the drop copy; waits at most so long for the first."""
        for key in list(self._selector.get_map().values()):
            key.data.flush()
        for key, _ in self._selector.select(0 if self._told else wait_ns / 1e9):
            self._receive(key.data)
        told, self._told = self._told, []
        return told[0] if len(told) == 1 else joined(told, EVENT)

    def close(self) -> None:
        """Close all sessions."""
        for key in list(self._selector.get_map().values()):
            key.data.close()
        self._selector.close()

    def _open(self, account: int) -> OuchPort | None:
        numbered = self._venue.login_of(account)
        if numbered is None:
            return None
        try:
            client = self._opened(numbered.login)
        except EngineStartError as error:
            raise EngineDiedError(str(error)) from error
        port = OuchPort(numbered.number, account, client, self._words)
        self._by_number[numbered.number] = port
        return port

    def _opened(self, login: Login) -> SoupClient:
        client = SoupClient(
            lambda: self._venue.connect(login.endpoint), login.username, login.password, self._venue.timeout_s
        )
        self._selector.register(client.socket, selectors.EVENT_READ, client)
        return client

    def _receive(self, client: SoupClient) -> None:
        before = client.socket
        received = client.receive()
        if client.socket is not before:
            # Its connection was made anew.
            self._selector.unregister(before)
            self._selector.register(client.socket, selectors.EVENT_READ, client)
        if not len(received.packets):
            return
        if client is self._copy:
            self._told.append(translated(events_of(received), self._by_number))
            return
        port = next(port for port in self._by_number.values() if port.client is client)
        events = port.hear(received)
        if self._copy is None:
            port.answered += int(are_answers(events).sum())
        self._told.append(events)


class OuchSession:
    """One sender's way to the engine: whatever accounts it sends for, in its order."""

    def __init__(self, client: OuchClient) -> None:
        self._client = client
        self._port: OuchPort | None = None
        """Where it sent last."""

    def send(self, commands: Commands) -> int:
        """Send what may go now."""
        taken = 0
        while taken < len(commands):
            rest = commands[taken:]
            other = np.flatnonzero(rest["account"] != rest["account"][0])
            run = rest[: int(other[0])] if len(other) else rest
            port = self._client.port_of(int(run["account"][0]))
            if port not in (None, self._port) and self._port is not None and not self._client.is_settled(self._port):
                break
            count = self._client.say(port, run)
            taken += count
            self._port = port or self._port
            if count < len(run):
                break
        return taken

    def close(self) -> None:
        """The connection stays for other senders of its account; the engine offers no cancel on disconnect here."""


def _unsaid(numbers: npt.NDArray[np.uint64]) -> Events:
    """What tells of commands that were never sent."""
    events = np.repeat(
        events_from([Event(kind=EventKind.REJECTED, reason=Reason.UNSUPPORTED, channel=Channel.NONE)]), len(numbers)
    )
    events["command"] = numbers
    return events
