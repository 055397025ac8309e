"""One client's connection by FIX 4.4: a session on a socket. What it is told lies in its port's file, where it finds it after a reconnect."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from engines.service.gateway.fix_port import FixPort
from engines.service.gateway.link import NO_COMMANDS, Cause, CutOff, Link
from harness.base.records import Command, Commands, commands_of
from harness.wire.fix import Message, split
from harness.wire.fix_session import Session
from harness.wire.fix_terms import Party, Phase

FAR_NS = 10**9


class Admitted(NamedTuple):
    """Whose Logon it was."""

    port: FixPort
    party: Party


class FixConnection(Link):
    """From the moment that it was accepted on."""

    def __init__(
        self, to: socket.socket, login_ns: int, login: Callable[[Message], Admitted | None], utc_ns: Callable[[], int]
    ) -> None:
        """`utc_ns`: the time of day, which the gateway's clock tells."""
        now_ns = utc_ns()
        super().__init__(to, now_ns)
        self.port: FixPort | None = None
        self._login, self._login_by_ns = login, now_ns + login_ns
        self._inbox = b""
        self._session = Session(self._admit, utc_ns, now_ns)

    def read(self, now_ns: int) -> Commands:
        """Read what is there; the commands in it.

        Raises:
            CutOff: the client is gone.
        """
        if not (got := self.receive()):
            return NO_COMMANDS
        found = split(self._inbox + got)
        self._inbox = (self._inbox + got)[found.used :]
        commands: list[Command] = []
        for message in found.messages:
            told = self._session.take(message, now_ns)
            if told is None or self.port is None:
                continue
            if (command := self.port.take(told, self._session)) is not None:
                commands.append(command)
        if self.port:
            self.pay(len(found.messages), self.port.settings.messages_per_s, now_ns)
        self._see_the_end(Cause.WIRE if self.port else Cause.LOGIN)
        return commands_of(commands) if commands else NO_COMMANDS

    def write(self, now_ns: int) -> None:
        """Hand the socket what it takes.

        Raises:
            CutOff: it is broken, reads too slowly, or all is told and it was to end.
        """
        del now_ns
        outbox = self._session.outbox
        while outbox or self._session.pump():
            took = self.send(outbox)
            del outbox[:took]
            if not took:
                break
        self.is_blocked = len(outbox) > 0
        if self.ending and not outbox:
            raise self.ending
        if self.port and len(outbox) > self.port.settings.waiting_bytes_max:
            raise CutOff(Cause.SLOW, f"a slow reader: {len(outbox)} bytes wait")

    def look_at_the_time(self, now_ns: int) -> int:
        """Do what is due; when to look again.

        Raises:
            CutOff: no Logon came in time.
        """
        if self._session.phase == Phase.AWAITING and now_ns >= self._login_by_ns:
            raise self.ending or CutOff(Cause.LOGIN, "no login came in time")
        again_ns = self._session.look_at_the_time(now_ns)
        self._see_the_end(Cause.SILENT)
        return min(again_ns, self._login_by_ns if self.port is None else now_ns + FAR_NS)

    def was_held(self, now_ns: int) -> None:
        """The service itself did not read: that is no silence of the client."""
        self._session.excuse(now_ns)

    def log_out(self, why: str) -> None:
        """Say so before it is closed, as far as the socket takes it at once: the answer is not waited for."""
        if self.port:
            self._session.log_out(why)
            with suppress(CutOff):
                self.send(self._session.outbox)

    def is_gone(self) -> None:
        """The port tells nobody any more."""
        if self.port and self.port.listener is self._session:
            self.port.listener = None

    def _admit(self, message: Message) -> Party | None:
        admitted = self._login(message)
        if admitted is None:
            return None
        self.port = admitted.port
        self.port.listener = self._session
        return admitted.party

    def _see_the_end(self, cause: Cause) -> None:
        if self._session.over is not None and self.ending is None:
            left = self._session.phase in (Phase.LEAVING, Phase.LEFT)
            self.ending = CutOff(Cause.LEFT if left else cause, self._session.over)
