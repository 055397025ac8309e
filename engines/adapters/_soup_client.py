"""A client's end of one SoupBinTCP session: login, heartbeats, and what is sequenced, counted so that a reconnect goes on behind it.

Nothing here blocks but connecting, which takes as long as it may and no longer.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

import numpy as np

from engines.adapters._connections import READ_BYTES, SHOWN_BYTES, made_again
from harness.base.errors import EngineDiedError, EngineStartError, MisspokeError, WireError
from harness.base.records import Int64Array
from harness.wire.dispatch import Dispatcher, Line, Packets
from harness.wire.soup import Login, PacketType, Split, login_packet, packet, read_accepted, read_rejected, split
from harness.wire.soup_kernel import COLUMNS, HEADER_BYTES, LENGTH_BYTES, START, TYPE, Bytes

HEARTBEAT = packet(PacketType.CLIENT_HEARTBEAT)
HEARTBEAT_S = 1.0
NO_NUMBERS: Int64Array = np.zeros(0, np.int64)
NO_PACKETS: Int64Array = np.zeros((0, COLUMNS), np.int64)
OF_A_SERVER = (
    PacketType.DEBUG, PacketType.SEQUENCED, PacketType.UNSEQUENCED, PacketType.SERVER_HEARTBEAT, PacketType.END_OF_SESSION,
)  # fmt: skip
"""What may come once the login is answered."""
BEFORE_A_SESSION = (PacketType.ACCEPTED, PacketType.REJECTED, PacketType.DEBUG, PacketType.SERVER_HEARTBEAT)
_MAY_COME = np.zeros(256, np.bool_)
_MAY_COME[list(OF_A_SERVER)] = True


class Received(NamedTuple):
    """Sequenced packets: rows of `soup.split`, and the bytes that they are of."""

    stream: bytes
    packets: Int64Array
    failure: EngineDiedError | None = None
    """Why nothing more can be heard, behind these."""


class SoupClient:
    """One login, connected."""

    def __init__(self, connect: Callable[[], socket.socket], username: str, password: str, timeout_s: float) -> None:
        """Connect and log in from the first message on.

        Raises:
            EngineStartError: it cannot be done, or not in that time.
        """
        self._connect, self._timeout_s = connect, timeout_s
        self._username, self._password = username, password
        self.heard = 0
        """Sequenced packets so far."""
        self.lost = 0
        """Connections that broke."""
        self._inbox, self._outbox = b"", bytearray()
        self._said_s = 0.0
        self._line: Line | None = None
        """Where packets wait until they are due."""
        self.socket = self._log_in()

    def fileno(self) -> int:
        """For a selector."""
        return self.socket.fileno()

    def send_by(self, dispatcher: Dispatcher) -> None:
        """From now on packets wait until they are due, as long as the dispatcher is there."""
        self._line = dispatcher.line()

    @property
    def is_clear(self) -> bool:
        """Whether all that was sent is in the socket's hands, or waits to be sent when it is due."""
        return not self._outbox

    def has_room(self, packets: Packets) -> bool:
        """Whether these may wait until they are due."""
        line = self._open_line()
        return line is None or line.has_room(packets)

    def send_packets(self, packets: Packets) -> None:
        """Send them when they are due, if somebody looks after that; else at once."""
        line = self._open_line()
        if line is None:
            self.send(packets.raw)
            return
        self._said_s = time.monotonic()
        line.put(packets)
        line.send_to(self.socket.fileno())

    def send(self, raw: Bytes | bytes, numbers: Int64Array = NO_NUMBERS) -> None:
        """Send whole packets at once; what the socket does not take now, it is given at the next `flush`. The numbers say whose they are."""
        if line := self._open_line():
            line.went(numbers)
        self._outbox += bytes(raw)
        self.flush()

    def flush(self) -> None:
        """Hand over what waits, and say that we are there if that was long ago."""
        now_s, line = time.monotonic(), self._open_line()
        if not self._outbox and now_s - self._said_s >= HEARTBEAT_S and (line is None or line.is_empty):
            self._outbox += HEARTBEAT
        if not self._outbox:
            return
        try:
            sent = self.socket.send(self._outbox)
        except OSError:
            # It takes nothing now; or it is gone, and whoever reads next sees that.
            return
        del self._outbox[:sent]
        self._said_s = now_s

    def receive(self) -> Received:
        """What came that is sequenced, without waiting; a connection that was lost is made again.

        Raises:
            EngineDiedError: it cannot be made again.
        """
        try:
            got = self.socket.recv(READ_BYTES)
        except BlockingIOError:
            return Received(b"", NO_PACKETS)
        except OSError:
            got = b""
        if not got:
            self._again()
            return Received(b"", NO_PACKETS)
        return self._taken(got)

    def close(self) -> None:
        """Log out behind all that was sent, as far as that still arrives."""
        self._open_line()
        with suppress(OSError):
            self.socket.send(bytes(self._outbox) + packet(PacketType.LOGOUT))
        self.socket.close()

    def _taken(self, got: bytes) -> Received:
        stream = self._inbox + got
        found = split(stream)
        self._inbox = stream[found.used :]
        types = found.packets[:, TYPE]
        failure = self._wrong(stream, found) or self._ended(types)
        packets = found.packets[types == PacketType.SEQUENCED]
        self.heard += len(packets)
        return Received(stream, packets, failure)

    def _wrong(self, stream: bytes, found: Split) -> EngineDiedError | None:
        """The first packet that no server sends. One that has only begun is looked at too: a wrong length may never be reached."""
        strange = np.flatnonzero(~_MAY_COME[found.packets[:, TYPE]])
        begun = stream[found.used : found.used + HEADER_BYTES]
        if len(strange):
            at = int(found.packets[strange[0], START]) - HEADER_BYTES
        elif found.malformed_at is not None or (len(begun) == HEADER_BYTES and not _MAY_COME[begun[-1]]):
            at = found.used
        else:
            return None
        came = stream[at : at + SHOWN_BYTES]
        return MisspokeError(
            f"session {self._username}: the engine sent what is no packet of SoupBinTCP: {came!r}; "
            f"wanted a length above 0 and one of the types {', '.join(map(chr, OF_A_SERVER))}"
        )

    def _ended(self, types: Int64Array) -> EngineDiedError | None:
        if not (types == PacketType.END_OF_SESSION).any():
            return None
        return EngineDiedError(f"session {self._username}: the engine ended the session")

    def _open_line(self) -> Line | None:
        if self._line is not None and self._line.is_closed:
            # What is begun is ended, or whatever comes behind it could not be read.
            self._outbox += self._line.begun()
            self._line = None
        return self._line

    def _again(self) -> None:
        if line := self._open_line():
            # What has no answer is sent again, once it is known what was taken.
            line.let_go()
        self.socket.close()
        self.lost += 1
        self.socket = made_again(self._username, self.lost, self._log_in)

    def _log_in(self) -> socket.socket:
        self._inbox, self._outbox = b"", bytearray()
        self._said_s = time.monotonic()
        made = self._connect()
        try:
            give_up_s = time.monotonic() + self._timeout_s
            made.settimeout(self._timeout_s)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            made.sendall(login_packet(Login(self._username, self._password, sequence=self.heard + 1)))
            self.heard = _accepted(made, give_up_s)
            made.setblocking(False)
        except (OSError, WireError) as error:
            made.close()
            raise EngineStartError(f"the login of {self._username} failed: {error}") from error
        return made


def _accepted(made: socket.socket, give_up_s: float) -> int:
    """How many messages lie before the first that will come; what comes behind the answer is left in the socket.

    Raises:
        WireError: the login is rejected, or answered with what is none of the protocol.
        TimeoutError: it is not answered by that time.
    """
    kind, payload = 0, b""
    while kind not in (PacketType.ACCEPTED, PacketType.REJECTED):
        header = _exactly(made, HEADER_BYTES, give_up_s)
        size, kind = int.from_bytes(header[:LENGTH_BYTES], "big"), header[-1]
        if not size or kind not in BEFORE_A_SESSION:
            raise WireError(f"what came is no packet of SoupBinTCP: {header!r}; wanted one of the types {', '.join(map(chr, BEFORE_A_SESSION))}")  # fmt: skip
        payload = _exactly(made, size - 1, give_up_s)
    if kind == PacketType.REJECTED:
        raise WireError(f"rejected, {read_rejected(payload).name}")
    return read_accepted(payload).sequence - 1


def _exactly(made: socket.socket, size: int, give_up_s: float) -> bytes:
    got = b""
    while len(got) < size:
        # Of all that may come before the answer no part may be late, and neither may all of it together.
        left_s = give_up_s - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("timed out")
        made.settimeout(left_s)
        more = made.recv(size - len(got))
        if not more:
            raise WireError("the engine closed the connection")
        got += more
    return got
