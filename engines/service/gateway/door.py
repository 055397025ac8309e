"""Where clients come in: a listener for each protocol, and a pause where the system has no room for a further connection.

Whoever waits at a listener makes it ready again and again. Without the pause a gateway without descriptors would do nothing but refuse him.
"""

from __future__ import annotations

import selectors
import socket
from typing import NamedTuple

PAUSE_NS = 100_000_000


class Listeners(NamedTuple):
    """Where clients come, by what they speak."""

    ouch: socket.socket
    json_lines: socket.socket
    fix: socket.socket


class Door:
    """Of one gateway, on its thread."""

    def __init__(self, listeners: Listeners, selector: selectors.BaseSelector) -> None:
        self.listeners = listeners
        self._selector = selector
        self._paused_until_ns: int | None = None

    def open(self) -> None:
        """Let clients in."""
        for listener in self.listeners:
            listener.setblocking(False)
            self._selector.register(listener, selectors.EVENT_READ)

    def look_at_the_time(self, now_ns: int) -> None:
        """Go on after a pause."""
        if self._paused_until_ns is not None and now_ns >= self._paused_until_ns:
            self._paused_until_ns = None
            self.open()

    def accept(self, listener: socket.socket, now_ns: int) -> tuple[socket.socket, str] | None:
        """Who comes, and from where; None: he is gone already, or there is no room for him, and a pause begins."""
        try:
            accepted, address = listener.accept()
        except (BlockingIOError, ConnectionError):
            return None
        except OSError:
            if self._paused_until_ns is None:
                for one in self.listeners:
                    self._selector.unregister(one)
            self._paused_until_ns = now_ns + PAUSE_NS
            return None
        accepted.setblocking(False)
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return accepted, f"{address[0]}:{address[1]}"

    def close(self) -> None:
        """Let nobody in any more."""
        for listener in self.listeners:
            listener.close()
