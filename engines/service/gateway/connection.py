"""One client's connection by SoupBinTCP: its login, its silence, what it sends and how far it has read.

It knows no selector and no other connection: whoever turns it asks it to read, to write and to look at the time, and closes it when it
says so (`CutOff`).
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engines.service.gateway.link import NO_COMMANDS, Cause, CutOff, Link, broken
from engines.service.gateway.ports import OuchSeat
from harness.base.errors import WireError
from harness.base.records import Commands, Int64Array
from harness.wire.soup import (
    Accepted,
    Login,
    PacketType,
    Rejection,
    accepted_packet,
    packet,
    read_login,
    rejected_packet,
    split,
)
from harness.wire.soup_kernel import END, START, TYPE

IS_STRANGE = ~np.isin(np.arange(256), (PacketType.UNSEQUENCED, PacketType.CLIENT_HEARTBEAT, PacketType.DEBUG))
"""By the type of a packet: whether a client that is logged in may not send it, but for its last one."""
HEARTBEAT = packet(PacketType.SERVER_HEARTBEAT)


@dataclass(frozen=True, slots=True)
class Times:
    """The times of the protocol."""

    heartbeat_ns: int
    idle_ns: int
    login_ns: int


class Connection(Link):
    """From the moment that it was accepted on."""

    def __init__(
        self, to: socket.socket, session: str, times: Times, login: Callable[[Login], OuchSeat | None], now_ns: int
    ) -> None:
        super().__init__(to, now_ns)
        self.port: OuchSeat | None = None
        """Whose it is, once it is logged in."""
        self._session, self._times, self._login = session, times, login
        self._inbox = b""
        self._outbox = b""
        """What is told beside the stream."""
        self._place = 0
        """How far the stream was handed to the socket."""
        self._lag_most = 0
        self._idle_ns = times.idle_ns
        self._opened_ns = self._heard_ns = self._told_ns = now_ns

    def read(self, now_ns: int) -> Commands:
        """Read what is there; no commands yet, since requests are taken together with those of all other ports.

        Raises:
            CutOff: the client is gone, logs out or breaks the protocol. What came whole before that was taken.
        """
        if got := self.receive():
            self._hear(got, now_ns)
        return NO_COMMANDS

    def _hear(self, got: bytes, now_ns: int) -> None:
        self._heard_ns = now_ns
        stream = self._inbox + got
        found = split(stream)
        self._inbox = stream[found.used :]
        self._take(stream, found.packets, now_ns)
        if found.malformed_at is not None:
            self._end(Cause.WIRE, "a packet of length 0")

    def _take(self, stream: bytes, packets: Int64Array, now_ns: int) -> None:
        if self.port is None:
            packets = packets[packets[:, TYPE] != PacketType.DEBUG]
            if not len(packets):
                return
            self._log_in(stream, packets[0])
            packets = packets[1:]
            if self.port is None:
                return
        strange = np.flatnonzero(IS_STRANGE[packets[:, TYPE]])
        taken = packets[: strange[0]] if len(strange) else packets
        if len(strange):
            self._end(*_end_by(int(packets[strange[0], TYPE])))
        taken = taken[taken[:, TYPE] == PacketType.UNSEQUENCED]
        if len(taken):
            self.pay(len(taken), self.port.settings.messages_per_s, now_ns)
            self.port.bring(stream, taken, self._refuse)

    def _refuse(self, why: str) -> None:
        self._end(Cause.WIRE, why)

    def _log_in(self, stream: bytes, row: Int64Array) -> None:
        if row[TYPE] != PacketType.LOGIN:
            self._end(Cause.WIRE, f"a packet of type {chr(int(row[TYPE]))!r} before the login")
            return
        try:
            login = read_login(stream[row[START] : row[END]])
        except WireError as error:
            self._end(Cause.WIRE, str(error))
            return
        port = self._login(login)
        if port is None:
            self._reject(Rejection.NOT_AUTHORIZED, f"{login.username!r} is not authorized")
            return
        number = login.sequence or max(port.stream.count, 1)
        if login.session.upper() not in ("", self._session) or number > port.stream.count + 1:
            self._reject(Rejection.SESSION_NOT_AVAILABLE, f"no session {login.session!r} from {number} on")
            return
        self.port, self._place = port, port.stream.place_of(number)
        self._lag_most = port.stream.size - self._place + port.settings.waiting_bytes_max
        if login.heartbeat_timeout_ms:
            self._idle_ns = login.heartbeat_timeout_ms * 1_000_000
        self._outbox += accepted_packet(Accepted(self._session, number))

    def _reject(self, why: Rejection, said: str) -> None:
        self._outbox += rejected_packet(why)
        self._end(Cause.LOGIN, said)

    def _end(self, cause: Cause, why: str) -> None:
        """Close once what is on its way is told. Before it is logged in nothing but the answer to that is said."""
        if self.ending is None:
            self.ending = CutOff(cause, why)
            # A debug packet may only stand between packets: where the stream is under way it is left out.
            if self.port and not self._lag():
                self._outbox += packet(PacketType.DEBUG, why.encode("ascii", "replace"))

    def _lag(self) -> int:
        return self.port.stream.size - self._place if self.port else 0

    def write(self, now_ns: int) -> None:
        """Hand the socket what it takes.

        Raises:
            CutOff: it is broken, reads too slowly, or all is told and it was to end.
        """
        before = len(self._outbox) + self._lag()
        self._outbox = self._outbox[self.send(self._outbox) :]
        while not self._outbox and self.port and self._lag() and (took := self._send_of_stream(self.port)):
            self._place += took
        left = len(self._outbox) + self._lag()
        self.is_blocked = left > 0
        if left < before:
            self._told_ns = now_ns
        if self.ending and not self._outbox:
            raise self.ending
        self._hold_to_the_pace()

    def _send_of_stream(self, port: OuchSeat) -> int:
        try:
            return port.stream.send(self.socket, self._place)
        except OSError as error:
            raise broken(error) from error

    def _hold_to_the_pace(self) -> None:
        """Who comes back late may lag as far as he did then; from then on never further than he has come, and the limit."""
        if self.port is None:
            return
        lag = self._lag()
        if lag > self._lag_most:
            raise CutOff(Cause.SLOW, f"a slow reader: {lag} bytes wait")
        self._lag_most = min(self._lag_most, lag + self.port.settings.waiting_bytes_max)

    def look_at_the_time(self, now_ns: int) -> int:
        """Do what is due; when to look again.

        Raises:
            CutOff: the client was silent for too long.
        """
        if self.port is None:
            if now_ns >= (due_ns := self._opened_ns + self._times.login_ns):
                raise CutOff(Cause.LOGIN, "no login came in time")
            return due_ns
        if now_ns >= (idle_ns := self._heard_ns + self._idle_ns):
            raise CutOff(Cause.SILENT, "the client was silent for too long")
        if now_ns >= self._told_ns + self._times.heartbeat_ns and not self.is_blocked and not self._lag():
            self._outbox += HEARTBEAT
            self._told_ns = now_ns
        return min(idle_ns, self._told_ns + self._times.heartbeat_ns)

    def was_held(self, now_ns: int) -> None:
        """The service itself did not read: that is no silence of the client."""
        self._heard_ns = now_ns


def _end_by(kind: int) -> tuple[Cause, str]:
    """What a packet that no logged in client sends, but for its last one, ends the connection with."""
    if kind == PacketType.LOGOUT:
        return Cause.LEFT, "the client logged out"
    return Cause.WIRE, f"a packet of type {chr(kind)!r}"
