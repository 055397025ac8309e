"""A client of SoupBinTCP on a real socket. Nothing it does takes longer than `TIMEOUT_S`: what does not come by then fails the test."""

from __future__ import annotations

import socket
from typing import Any, Self

from harness.wire.soup import Login, PacketType, login_packet, read_accepted, read_rejected, split

TIMEOUT_S = 30


class Client:
    """Connected, not logged in."""

    def __init__(self, address: tuple[str, int], **options: int) -> None:
        self.socket = socket.socket()
        if "receive_bytes" in options:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, options["receive_bytes"])
        self.socket.settimeout(TIMEOUT_S)
        self.socket.connect(address)
        self.stream = b""
        """All that came that is sequenced, whole packets only."""
        self.others: list[tuple[str, bytes]] = []
        """What came beside."""
        self.count = 0
        self._rest = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, raw: bytes) -> Client:
        self.socket.sendall(raw)
        return self

    def log_in(self, name: str = "one", password: str = "secret", sequence: int = 1, **more: Any) -> Client:
        """And wait for the answer."""
        self.send(login_packet(Login(name, password, sequence=sequence, **more)))
        return self.until(lambda: self.others)

    def accepted(self) -> tuple[str, int]:
        kind, payload = self.others[0]
        assert kind == "A", self.others
        return read_accepted(payload)

    def rejected(self) -> str:
        kind, payload = self.others[0]
        assert kind == "J", self.others
        return chr(read_rejected(payload))

    def hear(self, count: int) -> bytes:
        """The stream, once so many sequenced packets came."""
        self.until(lambda: self.count >= count)
        return self.stream

    def until(self, is_enough: Any) -> Client:
        while not is_enough():
            assert self._more(), "the server closed"
        return self

    def until_closed(self) -> Client:
        while self._more():
            pass
        return self

    def _more(self) -> bool:
        try:
            got = self.socket.recv(2**16)
        except ConnectionResetError:
            return False
        self._rest += got
        found = split(self._rest)
        for kind, start, end in found.packets.tolist():
            if kind == PacketType.SEQUENCED:
                self.stream += self._rest[start - 3 : end]
                self.count += 1
            else:
                self.others.append((chr(kind), self._rest[start:end]))
        self._rest = self._rest[found.used :]
        return bool(got)
