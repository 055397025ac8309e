"""A client of an engine that speaks FIX 4.4: a session for each account, and the drop copies.

Within one sender commands keep their order also where they are of several accounts, and so go out through several sessions: those of the next
account wait until those of the one before are answered. FIX answers every request, so that is known for certain.
"""

from __future__ import annotations

import time
from typing import TypeAlias

import numpy as np

from engines.adapters._connections import Connections, Heard, Venue
from engines.adapters._drop_copy import events_of as copied
from engines.adapters._drop_copy import translated
from engines.adapters._fix_client import FixClient
from engines.adapters._fix_port import FixPort, Words
from engines.adapters._soup_client import SoupClient
from harness.base.answers import unsaid
from harness.base.bits import joined
from harness.base.records import EVENT, Commands, Events
from harness.engine_file import Login
from harness.port import Spoken
from harness.wire.fix_requests import Listing

Speaker: TypeAlias = FixClient | SoupClient


class FixSessions:
    """Connected from the first command of each account on; the drop copies from the beginning."""

    def __init__(self, venue: Venue, listing: Listing) -> None:
        self._venue = venue
        self._connections = Connections[Speaker]()
        self._words = Words(listing, f"G{time.time_ns() // 1_000_000:x}.", set())
        self._ports: dict[int, FixPort | None] = {}
        """By account."""
        self._by_number: dict[int, FixPort] = {}
        self._by_client: dict[Speaker, FixPort] = {}
        self._told: list[Events] = []
        self._unsaid = 0

    def open(self) -> None:
        """Log in to the drop copies, and to the first session: one that takes no Logon did not start."""
        for login in self._venue.drop_copies:
            self._connections.add(self._copy_of(login))
        if self._venue.first is not None:
            self.port_of(self._venue.first)

    def open_for(self, account: int) -> None:
        """Log in to the session of this account, where it has one."""
        self.port_of(account)

    def session(self) -> FixSession:
        """A sender, for whatever accounts it has commands of."""
        return FixSession(self)

    def port_of(self, account: int) -> FixPort | None:
        """The session of an account, opened when it is asked for first; None where there is none for it.

        Raises:
            EngineStartError: it cannot be opened.
        """
        if account not in self._ports:
            self._ports[account] = self._open(account)
        return self._ports[account]

    def say(self, port: FixPort | None, commands: Commands) -> int:
        """Send commands of one account; how many were taken. What cannot be said is told by an event of no channel."""
        count, numbers = port.say(commands) if port else (len(commands), commands["number"].tolist())
        if numbers:
            self._unsaid += len(numbers)
            self._told.append(unsaid(np.array(numbers, np.uint64)))
        return count

    def hear(self, wait_ns: int) -> None:
        """Take in what came on all sessions and drop copies; waits at most so long for the first.

        Raises:
            EngineDiedError: nothing more can be heard; what came before that is told all the same.
        """
        self._connections.flush()
        early = [port.client for port in self._by_number.values() if port.client.has_early]
        ready = self._connections.ready(0.0 if self._told or early else wait_ns / 1e9)
        for speaker in {*early, *ready}:
            self._receive(speaker)

    def told(self) -> Events:
        """All that was taken in since it was last asked for."""
        told, self._told = self._told, []
        return told[0] if len(told) == 1 else joined(told, EVENT)

    def counters(self) -> dict[str, int]:
        """How many commands went out, how many FIX cannot say, and connections that were lost."""
        ports = self._by_number.values()
        return {
            "commands_said": sum(port.said for port in ports), "commands_unsaid": self._unsaid,
            "connections_lost": sum(port.client.lost for port in ports),
        }  # fmt: skip

    def spoken(self) -> tuple[Spoken, ...]:
        """What each request stands for, by session."""
        return tuple(Spoken(port.number, port.account, port.asked["order"]) for port in self._by_number.values())

    def close(self) -> None:
        """Log out everywhere."""
        self._connections.close()

    def _open(self, account: int) -> FixPort | None:
        numbered = self._venue.login_of(account)
        if numbered is None:
            return None
        number, login = numbered
        client = FixClient(lambda: self._venue.connect(login.endpoint), login, self._venue.timeout_s)
        port = FixPort(number, account, client, self._words)
        self._by_number[number] = self._by_client[client] = port
        self._connections.add(client)
        return port

    def _copy_of(self, login: Login) -> SoupClient:
        return SoupClient(
            lambda: self._venue.connect(login.endpoint), login.username, login.password, self._venue.timeout_s
        )

    def _receive(self, speaker: Speaker) -> None:
        if isinstance(speaker, FixClient):
            heard = self._by_client[speaker].hear(speaker.receive())
        else:
            received = speaker.receive()
            events = translated(copied(received), self._by_number) if len(received.packets) else np.zeros(0, EVENT)
            heard = Heard(events, received.failure)
        self._connections.follow(speaker)
        if len(heard.events):
            self._told.append(heard.events)
        if heard.failure:
            raise heard.failure


class FixSession:
    """One sender's way to the engine: whatever accounts it sends for, in its order."""

    def __init__(self, client: FixSessions) -> None:
        self._client = client
        self._port: FixPort | None = None

    def send(self, commands: Commands) -> int:
        """Send what may go now."""
        taken = 0
        while taken < len(commands):
            rest = commands[taken:]
            other = np.flatnonzero(rest["account"] != rest["account"][0])
            run = rest[: int(other[0])] if len(other) else rest
            port = self._client.port_of(int(run["account"][0]))
            before = self._port
            if port and before and before is not port and before.answered < before.said:
                break
            count = self._client.say(port, run)
            taken += count
            self._port = port or self._port
            if count < len(run):
                break
        return taken

    def close(self) -> None:
        """The connection stays for other senders of its account."""
