"""One session's end of a wire in a battery: a socket with a bounded patience, and what the lines of a row mean on it.

It is apart from gonogo's own clients on purpose: those do all that they can to keep a session whole, and here a session is broken.
"""

from __future__ import annotations

import socket
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import NamedTuple

from harness.base.capabilities import Instrument
from harness.conformance.talk import ticks
from harness.conformance.wire.script import Saying
from harness.port import Door

READ_BYTES = 1 << 16
CONNECT_S = 5.0
FLOOD_S = 5.0
"""How long beyond the time for an answer what is no answer is taken from an engine that goes on for ever."""
LOGIN_S = 10.0
"""How long the answer to a login may take that no row is about: an engine may have much to do at its first."""


class Heard(NamedTuple):
    """One message that came."""

    kind: str
    fields: dict[str, str]
    is_old: bool = False
    """Whether it was told before, on an earlier connection."""


class End(Enum):
    """Why nothing was heard."""

    SILENCE = "nothing more"
    CLOSED = "the engine closed the connection"


GARBLED = "what cannot be read"
"""The kind of what is no message: no row expects it."""


class Line(ABC):
    """One login. What outlives a connection outlives a row too."""

    def __init__(self, door: Door, patience_s: float, login_s: float = LOGIN_S) -> None:
        self.door, self.patience_s, self.login_s = door, patience_s, login_s
        self.traded: Instrument = door.instruments[0]
        self._socket: socket.socket | None = None
        self._is_closed = True
        self.signs = 0
        """Of life: messages and ends that were heard."""

    # What each protocol does in its own way.

    @abstractmethod
    def open(self) -> None:
        """A row begins: the numbers and ids of its orders."""

    @abstractmethod
    def begin(self) -> str:
        """Connect and log in; why that cannot be done, or nothing."""

    @abstractmethod
    def settle(self) -> None:
        """The row is over: take back what it left in the market, and leave."""

    @abstractmethod
    def encoded(self, saying: Saying) -> bytes:
        """A message as it is sent."""

    @abstractmethod
    def taken(self, got: bytes) -> None:
        """Bytes came."""

    @abstractmethod
    def next(self) -> Heard | None:
        """The first message of what came that was not given out yet."""

    @abstractmethod
    def field(self, name: str) -> str:
        """The whole name of a field; alone, a value is that of the message's own number or id."""

    @abstractmethod
    def value(self, name: str, text: str) -> str:
        """What a value of a row stands for in this field."""

    @abstractmethod
    def shown(self, heard: Heard) -> str:
        """A message in the terms of the row."""

    @abstractmethod
    def passes_over(self, heard: Heard) -> bool:
        """Whether it may come at any time, and means nothing to a row that does not ask for it."""

    @property
    @abstractmethod
    def is_up_to_date(self) -> bool:
        """Whether all that was told before has come again."""

    # What all do alike.

    def connect(self) -> None:
        """A new connection; the one before is dropped.

        Raises:
            OSError: nobody takes it.
        """
        self.drop()
        self._socket = socket.create_connection(self.door.address, CONNECT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._is_closed = False

    def drop(self) -> None:
        """Break the connection off."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._is_closed = None, True

    def say(self, sayings: tuple[Saying, ...], *, bytewise: bool = False) -> None:
        """Send these in one piece, or a byte at a time."""
        self.write(b"".join(map(self.encoded, sayings)), bytewise=bytewise)

    def write(self, raw: bytes, *, bytewise: bool = False) -> None:
        """Send this. Where the engine has closed, what is heard next tells."""
        if self._socket is None:
            return
        self._socket.settimeout(CONNECT_S)
        with suppress(OSError):
            for piece in (raw[at : at + 1] for at in range(len(raw))) if bytewise else (raw,):
                self._socket.sendall(piece)

    def hear(self, until_s: float) -> Heard | End:
        """The next message, waited for until then by the monotonic clock. What is there already is heard later too, but not from one who never ends."""
        if time.monotonic() > until_s + FLOOD_S:
            return End.SILENCE
        while (heard := self.next()) is None:
            if self._is_closed or self._socket is None:
                self.signs += 1
                return End.CLOSED
            left_s = until_s - time.monotonic()
            if left_s <= 0:
                return End.SILENCE
            self._socket.settimeout(left_s)
            try:
                got = self._socket.recv(READ_BYTES)
            except TimeoutError:
                return End.SILENCE
            except OSError:
                got = b""
            self._is_closed = not got
            self.taken(got)
        self.signs += 1
        return heard

    def answer(self, *kinds: str) -> Heard | End:
        """The next of these kinds, which answers a login; what comes before it is passed over."""
        until_s = time.monotonic() + self.login_s
        while isinstance(heard := self.hear(until_s), Heard) and heard.kind not in kinds:
            pass
        return heard

    @property
    def is_connected(self) -> bool:
        """Whether there is a connection that the engine has not closed, as far as was heard."""
        return not self._is_closed

    def symbol(self, text: str) -> str:
        """What is traded is `own`, what is not `nobody`."""
        if text == "nobody":
            names = {one.symbol for one in self.door.instruments}
            return next(name for name in ("NOTHING", *map(str, range(len(names) + 1))) if name not in names)
        return self.traded.symbol if text == "own" else text

    def price(self, text: str) -> int:
        """A price of the rows, in ticks."""
        return ticks(self.traded, int(text))

    def quantity(self, text: str) -> int:
        """A quantity of the rows, in lots."""
        return int(text) * self.traded.qty_min


def same(came: str, wanted: str) -> bool:
    """Whether two values are one: as text, or as decimals where both are."""
    if came == wanted:
        return True
    try:
        return Decimal(came) == Decimal(wanted)
    except InvalidOperation:
        return False
