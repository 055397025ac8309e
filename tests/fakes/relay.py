"""Stands between a client and a server, and loses what either says when it is told to: a connection that breaks with something under way."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

LOOK_S = 0.01


class Between:
    """Connections to a server through here, each handed on by a thread of its own until one of its ends closes it."""

    def __init__(self, connect: Callable[[str], socket.socket]) -> None:
        self._connect = connect
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        """Towards the client."""
        self._threads: list[threading.Thread] = []

    def connect(self, endpoint: str) -> socket.socket:
        """A connection through here."""
        there = self._connect(endpoint)
        client = socket.create_connection(self._listener.getsockname())
        here, _ = self._listener.accept()
        self._ends.append(here)
        self._threads.append(threading.Thread(target=self._hand_on, args=(here, there), daemon=True))
        self._threads[-1].start()
        return client

    def close(self) -> None:
        """Take no further connections; those that there are have ended by now."""
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _hand_on(self, here: socket.socket, there: socket.socket) -> None:
        """Hand on what both ends say; `here` is the client's."""
        raise NotImplementedError


class Relay(Between):
    """Loses what either side says while it is told to."""

    def __init__(self, connect: Callable[[str], socket.socket]) -> None:
        super().__init__(connect)
        self.loses_requests = self.loses_replies = False
        self.lost = 0
        """Bytes."""

    def cut(self) -> None:
        """Break all connections; those made from here on lose nothing."""
        ends, self._ends = self._ends, []
        for end in ends:
            end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._threads = []
        self.loses_requests = self.loses_replies = False

    def _hand_on(self, here: socket.socket, there: socket.socket) -> None:
        # An end that was killed breaks its connection off.
        with here, there, suppress(OSError):
            while True:
                ready, _, _ = select.select([here, there], [], [], LOOK_S)
                for end in ready:
                    if not (got := end.recv(1 << 16)):
                        return
                    if self.loses_requests if end is here else self.loses_replies:
                        self.lost += len(got)
                    else:
                        (there if end is here else here).sendall(got)
