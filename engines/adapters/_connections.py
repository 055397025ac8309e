"""What the clients of every wire share: whom they connect to, their connections, heard together, and what becomes of one that is lost."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Callable, Iterator
from typing import Generic, NamedTuple, Protocol, TypeVar

from harness.base.errors import EngineDiedError, EngineStartError
from harness.base.records import Events
from harness.engine_file import Login

READ_BYTES = 1 << 18
RECONNECTS_MOST = 20
"""Connections that one session may lose before that is the engine's failure."""
SHOWN_BYTES = 40
"""What of something wrong that came stands in a message."""


class Numbered(NamedTuple):
    """A login with its number among all that trade, by which a drop copy names it."""

    number: int
    login: Login


class Venue(NamedTuple):
    """What a client must know of the other side."""

    connect: Callable[[str], socket.socket]
    """By the name of an endpoint."""
    login_of: Callable[[int], Numbered | None]
    """By account."""
    drop_copies: tuple[Login, ...]
    first: int | None
    """The account of the first login; None where that is a drop copy's."""
    timeout_s: float
    """How long a login may take."""


class Heard(NamedTuple):
    """What came on a session."""

    events: Events
    failure: EngineDiedError | None
    """Why nothing more can be heard, behind these."""


class Connected(Protocol):
    """A session on a socket, which is another one once it was lost."""

    socket: socket.socket

    def flush(self) -> None:
        """Hand over what waits, and do what is due by now."""
        ...

    def close(self) -> None:
        """Log out, as far as that still arrives."""
        ...


Speaker = TypeVar("Speaker", bound=Connected)


class Connections(Generic[Speaker]):
    """Those of one client, until they are closed."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._sockets: dict[Speaker, socket.socket] = {}
        """The one that each is heard on."""

    def __iter__(self) -> Iterator[Speaker]:
        return iter(self._sockets)

    def add(self, speaker: Speaker) -> None:
        """Hear this one too."""
        self._selector.register(speaker.socket, selectors.EVENT_READ, speaker)
        self._sockets[speaker] = speaker.socket

    def flush(self) -> None:
        """Have each hand over what waits."""
        for speaker in self._sockets:
            speaker.flush()

    def ready(self, wait_s: float) -> list[Speaker]:
        """Those on which something came; waits at most so long for the first."""
        return [key.data for key, _ in self._selector.select(wait_s)]

    def follow(self, speaker: Speaker) -> bool:
        """Hear it on the connection that it has by now; whether that is another one than before."""
        before = self._sockets[speaker]
        if speaker.socket is before:
            return False
        self._selector.unregister(before)
        self.add(speaker)
        return True

    def close(self) -> None:
        """Close them all."""
        for speaker in self._sockets:
            speaker.close()
        self._selector.close()


def made_again(name: str, lost: int, log_in: Callable[[], socket.socket]) -> socket.socket:
    """The next connection of a session that lost so many.

    Raises:
        EngineDiedError: it does not open, or these were too many.
    """
    if lost > RECONNECTS_MOST:
        raise EngineDiedError(f"session {name}: the engine closed it {lost} times")
    try:
        return log_in()
    except EngineStartError as error:
        raise EngineDiedError(f"session {name} was closed, and does not open again: {error}") from error
