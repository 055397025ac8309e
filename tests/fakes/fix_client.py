"""A client of FIX 4.4 on a real socket, with every number and name in the hands of the test."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import Any, Self

from harness.wire.fix import Fields, Message, encode, split
from harness.wire.fix_tags import Kind, Tag
from harness.wire.fix_times import timestamp
from tests.fakes.fix_talk import HEARTBEAT_S, header
from tests.fakes.served import raw_config
from tests.fakes.soup_client import TIMEOUT_S

FIRM = "DEMO"
PORTS = [
    {"number": 6, "username": "FIXA", "password": "secret", "account": 16, "protocol": "fix"},
    {"number": 7, "username": "FIXB", "password": "secret", "account": 17, "protocol": "fix"},
]
PASSWORD = (Tag.PASSWORD, "secret")


def fix_config(**sessions: int) -> dict[str, Any]:
    """The service of `raw_config` with two ports of FIX beside the others."""
    config = raw_config(**sessions)
    return config | {"ports": [*config["ports"], *PORTS]}


class FixClient:
    """Connected, not logged on."""

    def __init__(
        self, address: tuple[str, int], name: str = "FIXA", *, number: int = 1, receive_bytes: int = 2**18,
        utc_ns: Callable[[], int] = time.time_ns,
    ) -> None:  # fmt: skip
        self.name, self.next, self._utc_ns = name, number, utc_ns
        self.socket = socket.socket()
        self.socket.settimeout(TIMEOUT_S)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.socket.connect(address)
        self._inbox = b""
        self._heard: list[Message] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def head(self, number: int | None = None, **other: Any) -> Fields:
        """The header of the next message, or of one with this number."""
        if number is None:
            number, self.next = self.next, self.next + 1
        return header(number, **({"sender": self.name, "target": FIRM, "sent_ns": self._utc_ns()} | other))

    def say(self, kind: str, *body: tuple[int, str], number: int | None = None, head: Fields | None = None) -> Self:
        self.socket.sendall(encode(kind, (*(head or self.head(number)), *body)))
        return self

    def log_on(self, *more: tuple[int, str], number: int | None = None) -> Message:
        """Log on; the answer."""
        self.say(
            Kind.LOGON, (Tag.ENCRYPT_METHOD, "0"), (Tag.HEART_BT_INT, str(HEARTBEAT_S)), PASSWORD, *more, number=number
        )
        (answer,) = self.hear(1)
        assert answer.kind == Kind.LOGON, answer
        return answer

    def hear(self, count: int) -> list[Message]:
        """The next messages."""
        while len(self._heard) < count:
            if not (got := self.socket.recv(2**16)):
                break
            self._take(got)
        heard, self._heard = self._heard[:count], self._heard[count:]
        return heard

    def rest(self) -> list[Message]:
        """All that comes until the other side closes."""
        while got := self.socket.recv(2**16):
            self._take(got)
        return self.hear(len(self._heard))

    def _take(self, got: bytes) -> None:
        found = split(self._inbox + got)
        assert not found.garbled
        self._inbox = (self._inbox + got)[found.used :]
        self._heard += found.messages


def new(own: str, side: str = "1", price: str = "1.00", qty: str = "5", **more: str) -> Fields:
    """A limit order; `more` by the names of tags."""
    fields = {
        Tag.CL_ORD_ID: own, Tag.SYMBOL: "ONE", Tag.SIDE: side, Tag.TRANSACT_TIME: timestamp(time.time_ns()), Tag.ORDER_QTY: qty,
        Tag.ORD_TYPE: "2", Tag.PRICE: price,
    }  # fmt: skip
    return tuple((fields | {Tag[name.upper()]: value for name, value in more.items()}).items())


def change(own: str, of: str, side: str = "1", **more: str) -> Fields:
    """A cancel; with a price and an order type a replace."""
    fields = dict(new(own, side, orig_cl_ord_id=of, **more))
    if "price" not in more:
        del fields[Tag.PRICE], fields[Tag.ORD_TYPE]
    return tuple(fields.items())
