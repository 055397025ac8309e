"""What all connections have in common, whatever they speak: a socket that is read and written, a share of the reading, and an end with its cause."""

from __future__ import annotations

import socket
from enum import StrEnum

import numpy as np

from harness.base.records import COMMAND

READ_BYTES = 2**16
NO_COMMANDS = np.zeros(0, COMMAND)
SECOND_NS = 10**9


class Cause(StrEnum):
    """Why a connection ends."""

    LEFT = "left"
    """The client closed, logged out, or its connection broke."""
    REPLACED = "replaced"
    """Its port logged in again."""
    LOGIN = "login"
    """It was rejected, or none came in time."""
    SILENT = "silent"
    WIRE = "wire"
    """What it sent cannot be read, or may not be sent."""
    SLOW = "slow_reader"
    SERVICE = "service"
    """The service ends."""


class CutOff(Exception):  # noqa: N818 - an end that is part of the protocol, no error of the service
    """This connection is to be closed."""

    def __init__(self, cause: Cause, why: str) -> None:
        super().__init__(why)
        self.cause = cause


class Link:
    """The client's end of it is somewhere else: nothing here waits for it."""

    def __init__(self, to: socket.socket, now_ns: int) -> None:
        self.socket = to
        self.is_blocked = False
        """Whether the socket took less than there was."""
        self.ending: CutOff | None = None
        """The end that it is coming to, once what is on its way is told."""
        self._paid_ns = now_ns

    def fileno(self) -> int:
        """For a selector."""
        return self.socket.fileno()

    def may_read(self, now_ns: int) -> bool:
        """Whether its limit of messages lets it be read now."""
        return self.ending is None and self._paid_ns <= now_ns

    def receive(self) -> bytes:
        """What is there; nothing where nothing is.

        Raises:
            CutOff: the client is gone.
        """
        try:
            got = self.socket.recv(READ_BYTES)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise broken(error) from error
        if not got:
            raise CutOff(Cause.LEFT, "the client closed")
        return got

    def send(self, told: bytes | bytearray) -> int:
        """Hand the socket what it takes of this; how many bytes.

        Raises:
            CutOff: the client is gone.
        """
        try:
            return self.socket.send(told) if told else 0
        except BlockingIOError:
            return 0
        except OSError as error:
            raise broken(error) from error

    def pay(self, messages: int, messages_per_s: int, now_ns: int) -> None:
        """Each message takes its share of a second; who sent ahead is read again when that is over."""
        self._paid_ns = max(self._paid_ns, now_ns - SECOND_NS) + messages * SECOND_NS // messages_per_s


def broken(error: OSError) -> CutOff:
    """The end of a connection that the operating system gave up."""
    return CutOff(Cause.LEFT, f"the connection broke: {error.strerror}")
