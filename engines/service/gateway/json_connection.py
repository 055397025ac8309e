"""One client's connection by JSON lines: a login, then commands in and events out, with no replay.

The first line is `{"type":"login","username":"...","password":"..."}`, answered by `{"type":"login_ok"}` or `{"type":"error","text":"..."}`. A line that is
wrong is told the same way, and ends the connection: what came with it was not taken.
"""

from __future__ import annotations

import socket
from collections.abc import Callable

import msgspec

from engines.service.gateway.json_port import JsonPort
from engines.service.gateway.link import NO_COMMANDS, SECOND_NS, Cause, CutOff, Link
from harness.base.records import Commands
from harness.wire.json_lines import encode_message
from harness.wire.json_messages import Error
from harness.wire.soup import Login

LINE_MOST = 2**16
"""Bytes of a line. A command has some 300 at the most."""
LOGIN_OK = b'{"type":"login_ok"}\n'


class LoginLine(msgspec.Struct, tag="login", frozen=True, forbid_unknown_fields=True):
    """The first line of a client."""

    username: str
    password: str


class JsonConnection(Link):
    """From the moment that it was accepted on."""

    def __init__(
        self, to: socket.socket, login_ns: int, login: Callable[[Login], JsonPort | None], now_ns: int
    ) -> None:
        super().__init__(to, now_ns)
        self.port: JsonPort | None = None
        self._login, self._login_ns, self._login_by_ns = login, login_ns, now_ns + login_ns
        self._told_by_ns = 0
        """When it is closed, whether it has heard of its end or not."""
        self._inbox = b""
        self._outbox = bytearray()

    def hear(self, lines: bytes) -> None:
        """Take lines in, to be sent."""
        self._outbox += lines

    def read(self, now_ns: int) -> Commands:
        """Read what is there; the commands in it.

        Raises:
            CutOff: the client is gone.
        """
        if not (got := self.receive()):
            return NO_COMMANDS
        self._told_by_ns = now_ns + self._login_ns
        self._inbox += got
        if self.port is None and not self._log_in():
            return NO_COMMANDS
        taken = self.port.take(self._inbox) if self.port else None
        if taken is None or taken.wrong:
            self._end(Cause.WIRE, taken.wrong if taken else "no login")
            return NO_COMMANDS
        self._inbox = self._inbox[taken.used :]
        self._hold_to_a_line()
        if self.port:
            self.pay(len(taken.commands), self.port.settings.messages_per_s, now_ns)
        return taken.commands

    def _log_in(self) -> bool:
        """Take the first line, if it is whole; whether it was a login."""
        line, found, rest = self._inbox.partition(b"\n")
        if not found:
            self._hold_to_a_line()
            return False
        try:
            said = msgspec.json.decode(line, type=LoginLine)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            self._end(Cause.WIRE, f"no login: {error}")
            return False
        self.port = self._login(Login(said.username, said.password))
        if self.port is None:
            self._end(Cause.LOGIN, "not authorized")
            return False
        self._inbox = rest
        self.port.listener = self
        self._outbox += LOGIN_OK
        return True

    def _hold_to_a_line(self) -> None:
        if len(self._inbox) > LINE_MOST:
            self._end(Cause.WIRE, f"a line of more than {LINE_MOST} bytes")

    def _end(self, cause: Cause, why: str) -> None:
        self.ending = CutOff(cause, why)
        self._outbox += encode_message(Error(why))

    def write(self, now_ns: int) -> None:
        """Hand the socket what it takes.

        Raises:
            CutOff: it is broken, reads too slowly, or all is told and it was to end.
        """
        del now_ns
        del self._outbox[: self.send(self._outbox)]
        self.is_blocked = len(self._outbox) > 0
        if self.ending and not self._outbox:
            raise self.ending
        if self.port and len(self._outbox) > self.port.settings.waiting_bytes_max:
            raise CutOff(Cause.SLOW, f"a slow reader: {len(self._outbox)} bytes wait")

    def look_at_the_time(self, now_ns: int) -> int:
        """When to look again.

        Raises:
            CutOff: no login came in time, or it does not read how it ends.
        """
        if self.ending:
            if now_ns >= self._told_by_ns:
                raise self.ending
            return self._told_by_ns
        if self.port is None and now_ns >= self._login_by_ns:
            raise CutOff(Cause.LOGIN, "no login came in time")
        return self._login_by_ns if self.port is None else now_ns + SECOND_NS

    def was_held(self, now_ns: int) -> None:
        """Its silence is not counted, so neither is the service's."""

    def is_gone(self) -> None:
        """The port is told nothing more."""
        if self.port and self.port.listener is self:
            self.port.listener = None
