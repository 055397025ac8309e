"""A client of an engine that speaks OUCH 5.0: a session for each account, and the drop copy where there is one.

What the drop copy tells is counted as it comes, since whoever sends may wait for it, and translated when it is asked for, in one go.
"""

from __future__ import annotations

import select
import time

import numpy as np
import numpy.typing as npt

from engines.adapters._connections import Connections, Venue
from engines.adapters._drop_copy import answered, events_of, translated
from engines.adapters._ouch_ids import Ids
from engines.adapters._ouch_port import OuchPort, Words
from engines.adapters._ouch_session import OuchSession
from engines.adapters._ouch_writing import written
from engines.adapters._soup_client import NO_PACKETS, Received, SoupClient
from harness.base.answers import are_answers, unsaid
from harness.base.bits import joined
from harness.base.errors import EngineDiedError
from harness.base.records import EVENT, Events, empty_commands
from harness.engine_file import Login
from harness.port import Spoken
from harness.wire import ouch
from harness.wire.dispatch import Dispatcher, make_ready
from harness.wire.ouch_replies import to_events
from harness.wire.ouch_symbols import Symbols
from harness.wire.ouch_terms import ASKED

SILENT_S = 0.05
"""Without a drop copy: how long an account's last answers are waited for before those of another are sent. Some commands get none."""


class OuchClient:
    """Connected from the first command of each account on; the drop copy from the beginning."""

    def __init__(self, venue: Venue, symbols: Symbols, firm: int) -> None:
        self._venue = venue
        self.words = Words(symbols, firm, Ids())
        self._by_account: dict[int, OuchPort | None] = {}
        self._by_number: dict[int, OuchPort] = {}
        self._by_client: dict[SoupClient, OuchPort] = {}
        self._connections = Connections[SoupClient]()
        self._told: list[Events] = []
        self._copied: list[Events] = []
        """What the drop copy told, as it came."""
        self.behind: set[OuchSession] = set()
        """Senders that took commands which could not go out yet."""
        self.unsaid = 0
        """Commands that OUCH cannot say."""
        self._copy: SoupClient | None = None
        self._dispatcher: Dispatcher | None = None

    def open(self) -> None:
        """Log in to the drop copy, or else to the first account: one that takes no login did not start."""
        _warm(self.words)
        if self._venue.drop_copies:
            self._copy = self._opened(self._venue.drop_copies[0])
        elif self._venue.first is not None:
            self.port_of(self._venue.first)

    def open_for(self, account: int) -> None:
        """Log in to the session of this account, where it has one."""
        self.port_of(account)

    def session(self) -> OuchSession:
        """A sender, for whatever accounts it has commands of."""
        return OuchSession(self)

    def sender(self) -> OuchSession:
        """One that keeps no order between accounts."""
        return OuchSession(self, apart=True)

    def dispatch(self, origin_ns: int, most: int) -> Dispatcher:
        """Have all that is sent from now on sent when it is due, on as many sessions at the most; the run began then."""
        self._dispatcher = Dispatcher(most, origin_ns)
        for port in self._by_number.values():
            port.client.send_by(self._dispatcher)
        return self._dispatcher

    def counters(self) -> dict[str, int]:
        """What was sent, what could not be said, and what became of connections."""
        ports = self._by_number.values()
        return {
            "commands_said": sum(port.said for port in ports), "commands_unsaid": self.unsaid,
            "commands_said_again": sum(port.said_again for port in ports),
            "connections_lost": sum(client.lost for client in self._connections),
        }  # fmt: skip

    def port_of(self, account: int) -> OuchPort | None:
        """The session of an account, opened when it is asked for first; None where there is none for it.

        Raises:
            EngineStartError: it cannot be opened.
        """
        if account not in self._by_account:
            self._by_account[account] = self._open(account)
        return self._by_account[account]

    def tell_unsaid(self, numbers: npt.NDArray[np.uint64]) -> None:
        """These commands were never sent: an event of no channel says so."""
        if len(numbers):
            self.unsaid += len(numbers)
            self._told.append(unsaid(numbers))

    def wait_for_answers(self, port: OuchPort, until_s: float) -> bool:
        """Whether all that went out there is answered by that time, as far as that can be known."""
        while port.answered < port.said:
            now_s = time.monotonic()
            if self._copy is None and now_s - port.said_s > SILENT_S:
                port.is_silent()
            elif now_s >= until_s:
                return False
            else:
                self._wait(until_s - now_s)
        return True

    def hear(self, wait_ns: int) -> None:
        """Take in what came on all sessions and the drop copy; waits at most so long for the first. What could not go out before goes out as it may.

        Raises:
            EngineDiedError: nothing more can be heard; what came before that is told all the same.
        """
        until_s = time.monotonic() + wait_ns / 1e9
        for sender in list(self.behind):
            if sender.go_on(until_s):
                self.behind.discard(sender)
        self._connections.flush()
        has_some = self._told or self._copied
        for client in self._connections.ready(0.0 if has_some else max(until_s - time.monotonic(), 0.0)):
            self._receive(client)
        for port in self._by_number.values():
            port.clear_up()

    def told(self) -> Events:
        """All that was taken in since it was last asked for."""
        if self._copied:
            self._told.append(translated(joined(self._copied, EVENT), self._by_number))
        told, self._told, self._copied = self._told, [], []
        return told[0] if len(told) == 1 else joined(told, EVENT)

    def spoken(self) -> tuple[Spoken, ...]:
        """What each request stands for, by session."""
        return tuple(Spoken(port.number, port.account, port.asked["order"]) for port in self._by_number.values())

    def close(self) -> None:
        """Close all sessions."""
        if self._dispatcher is not None:
            self._dispatcher.close()
        self._connections.close()

    def _open(self, account: int) -> OuchPort | None:
        numbered = self._venue.login_of(account)
        if numbered is None:
            return None
        client = self._opened(numbered.login)
        if self._dispatcher is not None:
            client.send_by(self._dispatcher)
        port = OuchPort(numbered.number, account, client, self.words)
        self._by_number[numbered.number] = self._by_client[client] = port
        return port

    def _opened(self, login: Login) -> SoupClient:
        client = SoupClient(
            lambda: self._venue.connect(login.endpoint), login.username, login.password, self._venue.timeout_s
        )
        self._connections.add(client)
        return client

    def _wait(self, most_s: float) -> None:
        """Hear what answers are told by: the drop copy alone, where there is one. What sessions are told lies in their sockets meanwhile."""
        if self._copy is None:
            for client in self._connections.ready(most_s):
                self._receive(client)
            return
        copy = select.poll()
        copy.register(self._copy, select.POLLIN)
        if copy.poll(most_s * 1e3):
            self._receive(self._copy)

    def _receive(self, client: SoupClient) -> None:
        received = client.receive()
        port = self._by_client.get(client)
        if self._connections.follow(client) and port:
            port.was_cut()
        failure = received.failure
        if len(received.packets):
            failure = self._take_copy(received) if port is None else self._take(port, received)
        if failure:
            raise failure

    def _take_copy(self, received: Received) -> EngineDiedError | None:
        self._copied.append(events_of(received))
        for number, count in answered(self._copied[-1]):
            if found := self._by_number.get(number):
                found.is_answered(count)
        return received.failure

    def _take(self, port: OuchPort, received: Received) -> EngineDiedError | None:
        heard = port.hear(received)
        if self._copy is None:
            port.is_answered(int(are_answers(heard.events).sum()))
        self._told.append(heard.events)
        return heard.failure


def _warm(words: Words) -> None:
    """Have the kernels loaded, or compiled, before the first command is due."""
    make_ready()
    written(empty_commands(0), {}, words)
    heard = ouch.decode_replies(b"", NO_PACKETS).records
    to_events(heard, np.zeros(1, ASKED), np.zeros(0, np.int64), words.symbols)
    words.ids.settle(0, np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0, np.bool_))
