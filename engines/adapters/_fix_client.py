"""A client's end of one FIX 4.4 session on a socket: logon, heartbeats, and a connection that is made again where it was lost, on the same numbers.

Nothing here blocks but connecting, which takes as long as it may and no longer.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from engines.adapters._connections import READ_BYTES, SHOWN_BYTES, made_again
from harness.base.errors import EngineDiedError, EngineStartError, MisspokeError
from harness.engine_file import Login
from harness.wire.fix import Fields, Message, split
from harness.wire.fix_session import Session
from harness.wire.fix_store import MemoryStore
from harness.wire.fix_tags import Tag
from harness.wire.fix_terms import Party, Phase

HEARTBEAT_S = 30
WAITING_MOST = 1 << 20
"""Bytes that may wait for the engine to take them."""
UNREAD_MOST = 1 << 23
"""Bytes that wait all the same, since the engine asked for them, when it counts as one that does not read."""


class Received(NamedTuple):
    """What came for the application."""

    messages: list[Message]
    failure: EngineDiedError | None = None
    """Why nothing more can be heard, behind these."""


class FixClient:
    """One login, connected."""

    def __init__(self, connect: Callable[[], socket.socket], login: Login, timeout_s: float) -> None:
        """Connect and log on; both sides begin at 1.

        Raises:
            EngineStartError: it cannot be done, or not in that time.
        """
        self.lost = 0
        """Connections that were lost."""
        self._connect, self._login, self._timeout_s = connect, login, timeout_s
        self._party = Party(login.username, login.target, MemoryStore())
        self._inbox = b""
        self._session: Session
        self._early: list[Message] = []
        """What came behind the answer to a Logon."""
        self._garbled = b""
        """The beginning of the first that was no message."""
        self.socket = self._log_on(reset=True)

    def fileno(self) -> int:
        """For a selector."""
        return self.socket.fileno()

    @property
    def is_clear(self) -> bool:
        """Whether there is room for more to wait."""
        return len(self._session.outbox) < WAITING_MOST

    @property
    def has_early(self) -> bool:
        """Whether something came that no selector tells of any more."""
        return bool(self._early)

    def send(self, kind: str, body: Fields) -> None:
        """Send a message; what the socket does not take now, it is given at the next `flush`."""
        self._session.send(kind, body)

    def flush(self) -> None:
        """Hand over what waits, and do what is due by now."""
        self._session.look_at_the_time(time.monotonic_ns())
        outbox = self._session.outbox
        while outbox or self._session.pump():
            try:
                sent = self.socket.send(outbox)
            except OSError:
                # It takes nothing now; or it is gone, and whoever reads next sees that.
                return
            del outbox[:sent]

    def receive(self) -> Received:
        """What came for the application, without waiting; a connection that was lost is made again.

        Raises:
            EngineDiedError: it cannot be made again.
        """
        early, self._early = self._early, []
        try:
            got = self.socket.recv(READ_BYTES)
        except BlockingIOError:
            return Received(early, self._failure())
        except OSError:
            got = b""
        if got:
            told = [*early, *self._taken(got)]
            self.flush()
            return Received(told, self._failure())
        self._again()
        return Received(early)

    def close(self) -> None:
        """Log out, as far as that still arrives."""
        self._session.log_out("gonogo ends")
        with suppress(OSError):
            self.socket.send(self._session.outbox)
        self.socket.close()

    def _taken(self, got: bytes) -> list[Message]:
        stream = self._inbox + got
        found = split(stream)
        self._inbox = stream[found.used :]
        if found.garbled_at is not None:
            self._garbled = self._garbled or stream[found.garbled_at : found.garbled_at + SHOWN_BYTES]
        now_ns = time.monotonic_ns()
        return [one for message in found.messages if (one := self._session.take(message, now_ns)) is not None]

    def _failure(self) -> EngineDiedError | None:
        """Why nothing more can be heard. What is garbled a session must pass over; on TCP nothing but its sender can have garbled it."""
        name = self._login.username
        if self._garbled:
            return MisspokeError(
                f"session {name}: the engine sent what is no message of FIX 4.4: {self._garbled!r}; "
                "wanted 8=FIX.4.4, a right 9=BodyLength and 10=CheckSum, 35=MsgType"
            )
        if self._session.over is not None or self._session.phase == Phase.LEFT:
            return EngineDiedError(f"session {name}: the engine ended the session: {self._session.over or self._session.farewell}")  # fmt: skip
        if len(self._session.outbox) > UNREAD_MOST:
            return EngineDiedError(
                f"session {name}: the engine asked for more than {UNREAD_MOST:,} bytes, and reads none of them"
            )
        return None

    def _again(self) -> None:
        self.socket.close()
        self.lost += 1
        self.socket = made_again(self._login.username, self.lost, lambda: self._log_on(reset=False))

    def _log_on(self, *, reset: bool) -> socket.socket:
        self._inbox = b""
        # Nobody logs on to a client.
        self._session = Session(lambda _: None, time.time_ns, time.monotonic_ns())
        credentials = ((Tag.USERNAME, self._login.username), (Tag.PASSWORD, self._login.password))
        self._session.knock(self._party, HEARTBEAT_S, credentials if self._login.password else (), reset=reset)
        made = self._connect()
        try:
            made.setblocking(False)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.socket = made
            self._wait_for_the_answer(made)
        except (OSError, EngineStartError) as error:
            made.close()
            raise EngineStartError(f"the Logon of {self._login.username} failed: {error}") from error
        return made

    def _wait_for_the_answer(self, made: socket.socket) -> None:
        give_up_s = time.monotonic() + self._timeout_s
        while self._session.phase == Phase.KNOCKING and self._session.over is None:
            self.flush()
            left_s = give_up_s - time.monotonic()
            if left_s <= 0 or not select.select([made], [], [], left_s)[0]:
                raise EngineStartError(f"no answer within {self._timeout_s:g} s")
            if not (got := made.recv(READ_BYTES)):
                raise EngineStartError("the engine closed the connection")
            self._early += self._taken(got)
            if self._garbled:
                raise EngineStartError(str(self._failure()))
        if self._session.over is not None:
            raise EngineStartError(self._session.over)
        self.flush()
