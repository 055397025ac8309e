"""Stands between a client and an engine: what the engine tells comes so long after it was said, but on the connection that is made first."""

from __future__ import annotations

import select
import socket
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from tests.fakes.relay import Between

READ_BYTES = 1 << 18


class SlowSessions(Between):
    """Hands on at once what a client says. A client connects to its drop copy first, and that connection is left alone."""

    def __init__(self, connect: Callable[[str], socket.socket], late_s: float) -> None:
        super().__init__(connect)
        self._late_s = late_s
        self._is_first = True

    @property
    def count(self) -> int:
        """How many connections are slow."""
        return len(self._threads)

    def connect(self, endpoint: str) -> socket.socket:
        """A connection to it."""
        if self._is_first:
            self._is_first = False
            return self._connect(endpoint)
        return super().connect(endpoint)

    def _hand_on(self, here: socket.socket, there: socket.socket) -> None:
        told: deque[tuple[float, bytes]] = deque()
        with here, there, suppress(OSError):
            while True:
                wait_s = max(told[0][0] - time.monotonic(), 0.0) if told else None
                ready, _, _ = select.select([here, there], [], [], wait_s)
                for end in ready:
                    if not (got := end.recv(READ_BYTES)):
                        return
                    if end is here:
                        there.sendall(got)
                    else:
                        told.append((time.monotonic() + self._late_s, got))
                while told and told[0][0] <= time.monotonic():
                    here.sendall(told.popleft()[1])
