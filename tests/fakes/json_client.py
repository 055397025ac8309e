"""A client of JSON lines on a real socket."""

from __future__ import annotations

import json
import socket
from typing import Any, Self

from tests.fakes.soup_client import TIMEOUT_S

ORDER = {"type": "new", "price": 100, "qty": 5, "instrument": 4, "order_type": "limit", "tif": "day", "side": "buy"}


class JsonClient:
    """Connected, not logged in."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, TIMEOUT_S)
        self._lines = self.socket.makefile("r")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()
        self.socket.close()

    def say(self, *lines: dict[str, Any]) -> Self:
        self.socket.sendall(b"".join(json.dumps(line).encode() + b"\n" for line in lines))
        return self

    def log_in(self, username: str = "lines", password: str = "secret") -> Self:
        self.say({"type": "login", "username": username, "password": password})
        assert self.hear() == {"type": "login_ok"}
        return self

    def hear(self) -> dict[str, Any]:
        """The next line; {} where there is none."""
        line = self._lines.readline()
        return json.loads(line) if line else {}

    def types(self, count: int) -> list[str]:
        return [self.hear()["type"] for _ in range(count)]


def order(own: int, **fields: Any) -> dict[str, Any]:
    return ORDER | {"order": own} | fields
