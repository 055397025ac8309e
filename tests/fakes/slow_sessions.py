"""Stands between a client and an engine: what the engine tells comes so long after it was said, but on the connection that is made first."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

READ_BYTES = 1 << 18


class SlowSessions:
    """Each connection but the first in a thread of its own, until one of its ends closes it. A client connects to its drop copy first."""

    def __init__(self, connect: Callable[[str], socket.socket], late_s: float) -> None:
        self._connect = connect
        self._late_s = late_s
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._is_first = True

    @property
    def count(self) -> int:
        """How many connections are slow."""
        return len(self._threads)

    def connect(self, endpoint: str) -> socket.socket:
        """A connection to it."""
        there = self._connect(endpoint)
        if self._is_first:
            self._is_first = False
            return there
        client = socket.create_connection(self._listener.getsockname())
        here, _ = self._listener.accept()
        self._threads.append(threading.Thread(target=self._hand_on, args=(here, there), daemon=True))
        self._threads[-1].start()
        return client

    def close(self) -> None:
        """Take no further connections; those that there are have ended by now."""
        self._listener.close()
        for thread in self._threads:
            thread.join()

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
