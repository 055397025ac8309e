"""SoupBinTCP, versions 3.00, 4.00 and 4.10: packets of a stream, and the packets that open and close a session.

A packet is a length of two bytes, big-endian, that counts what follows it; a type of one character; and a payload. `split` finds the
packets of a whole receive buffer in one call, wherever the stream was cut, and `framed` puts many messages into packets in one. What a
packet means, its time-outs and its sequence numbers are the session's affair. Login fields are read with either padding and written as the
documents of Nasdaq have them: names padded on the right, session and numbers on the left.
"""

from __future__ import annotations

from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from harness.base.errors import SetupError, WireError
from harness.base.records import Int64Array
from harness.wire import soup_kernel
from harness.wire.soup_kernel import COLUMNS, HEADER_BYTES, LENGTH_BYTES, NOWHERE, Bytes

Buffer: TypeAlias = bytes | bytearray | memoryview | npt.NDArray[np.uint8]

PAYLOAD_MOST = 2**16 - 2
"""A length has 16 bits and counts the type; some readers take it as signed, and fail from half of that on."""
USERNAME, PASSWORD, SESSION, NUMBER, TIMEOUT = 6, 10, 10, 20, 5
"""How many characters each field of the session packets has."""
LOGIN_BYTES = USERNAME + PASSWORD + SESSION + NUMBER


class PacketType(IntEnum):
    """The character that a packet begins with, after its length."""

    DEBUG = ord("+")
    LOGIN = ord("L")
    ACCEPTED = ord("A")
    REJECTED = ord("J")
    SEQUENCED = ord("S")
    UNSEQUENCED = ord("U")
    """From a client; from a server in 4.00 and later only."""
    SERVER_HEARTBEAT = ord("H")
    CLIENT_HEARTBEAT = ord("R")
    END_OF_SESSION = ord("Z")
    LOGOUT = ord("O")


class Rejection(IntEnum):
    """Why a login was rejected."""

    NOT_AUTHORIZED = ord("A")
    SESSION_NOT_AVAILABLE = ord("S")


class Split(NamedTuple):
    """The whole packets of a buffer."""

    packets: Int64Array
    """A row a packet: type, and where its payload starts and ends in the buffer."""
    used: int
    """How many bytes the packets take; what lies behind is the beginning of the next one."""
    malformed_at: int | None
    """Where a length of 0 stands, which no packet has: the stream cannot be read on."""


class Login(NamedTuple):
    """What a client asks for."""

    username: str
    password: str
    session: str = ""
    """Empty: whichever is active."""
    sequence: int = 1
    """The next number wanted; 0: from the newest message on."""
    heartbeat_timeout_ms: int | None = None
    """After how long a silence of the client the server closes: version 4.10 only; None: 3.00 or 4.00."""


class Accepted(NamedTuple):
    """What a server answers."""

    session: str
    sequence: int
    """The number of the next sequenced packet on this connection."""


def split(stream: Buffer) -> Split:
    """The whole packets of what was received so far."""
    view = bytes_of(stream)
    packets = np.empty((len(view) // HEADER_BYTES, COLUMNS), np.int64)
    count, used, malformed_at = soup_kernel.split(view, packets)
    return Split(packets[:count], used, None if malformed_at == NOWHERE else malformed_at)


def packet(packet_type: PacketType, payload: bytes = b"") -> bytes:
    """One packet."""
    if len(payload) > PAYLOAD_MOST:
        raise ValueError(f"a payload of {len(payload)} bytes; a packet holds {PAYLOAD_MOST}")
    return (len(payload) + 1).to_bytes(LENGTH_BYTES, "big") + bytes((packet_type,)) + payload


def framed(packet_type: PacketType, messages: Buffer, ends: Int64Array) -> Bytes:
    """A packet for each message; the messages lie one after another and end at `ends`."""
    view = bytes_of(messages)
    lengths = np.diff(ends, prepend=0)
    if len(ends) and (lengths.min() < 0 or lengths.max() > PAYLOAD_MOST or ends[-1] != len(view)):
        raise ValueError(f"ends {ends} do not cut {len(view)} bytes into messages of 0 to {PAYLOAD_MOST} bytes")
    told = np.empty(len(view) + HEADER_BYTES * len(ends), np.uint8)
    soup_kernel.frame(int(packet_type), view, ends, told)
    return told


def bytes_of(buffer: Buffer) -> Bytes:
    """The buffer as an array, without a copy; not to be written to, so that kernels are compiled for one kind of array only."""
    view = np.frombuffer(buffer, np.uint8)
    view.flags.writeable = False
    return view


def login_packet(login: Login) -> bytes:
    """Login Request, in the form of 4.10 if it tells a timeout.

    Raises:
        SetupError: a field does not fit.
    """
    payload = _name(login.username, USERNAME, "username") + _name(login.password, PASSWORD, "password")
    payload += _session(login.session) + _number(login.sequence, NUMBER, "sequence number")
    if login.heartbeat_timeout_ms is not None:
        payload += _number(login.heartbeat_timeout_ms, TIMEOUT, "heartbeat timeout")
    return packet(PacketType.LOGIN, payload)


def read_login(payload: Buffer) -> Login:
    """Read a Login Request of any version.

    Raises:
        WireError: it is none.
    """
    text = _text(payload, "Login Request", LOGIN_BYTES, LOGIN_BYTES + TIMEOUT)
    cuts = np.cumsum([0, USERNAME, PASSWORD, SESSION, NUMBER]).tolist()
    username, password, session, number = (text[a:b].strip(" ") for a, b in pairwise(cuts))
    timeout = text[LOGIN_BYTES:]
    return Login(
        username, password, session, _integer(number, "Requested Sequence Number"),
        _integer(timeout.strip(" "), "Heartbeat Timeout") if timeout else None,
    )  # fmt: skip


def accepted_packet(accepted: Accepted) -> bytes:
    """Login Accepted.

    Raises:
        SetupError: a field does not fit.
    """
    return packet(
        PacketType.ACCEPTED, _session(accepted.session) + _number(accepted.sequence, NUMBER, "sequence number")
    )


def read_accepted(payload: Buffer) -> Accepted:
    """Read a Login Accepted.

    Raises:
        WireError: it is none.
    """
    text = _text(payload, "Login Accepted", SESSION + NUMBER)
    return Accepted(text[:SESSION].strip(" "), _integer(text[SESSION:].strip(" "), "Sequence Number"))


def rejected_packet(rejection: Rejection) -> bytes:
    """Login Rejected."""
    return packet(PacketType.REJECTED, bytes((rejection,)))


def read_rejected(payload: Buffer) -> Rejection:
    """Read a Login Rejected.

    Raises:
        WireError: it is none.
    """
    code = _text(payload, "Login Rejected", 1)
    try:
        return Rejection(ord(code))
    except ValueError as error:
        raise WireError(f"Login Rejected: the reason is {code!r}; wanted A or S") from error


def _name(text: str, width: int, what: str) -> bytes:
    return _fitting(text, width, what).ljust(width)


def _session(text: str) -> bytes:
    return _fitting(text, SESSION, "session").rjust(SESSION)


def _number(number: int, width: int, what: str) -> bytes:
    if number < 0:
        raise SetupError(f"{what} is {number}; wanted 0 or more")
    return _fitting(str(number), width, what).rjust(width)


def _fitting(text: str, width: int, what: str) -> bytes:
    if len(text) > width or not (text.isascii() and text.isprintable()):
        raise SetupError(f"{what} is {text!r}; wanted at most {width} characters of ASCII")
    return text.encode("ascii")


def _text(payload: Buffer, what: str, *sizes: int) -> str:
    raw = bytes(payload)
    if len(raw) not in sizes:
        raise WireError(f"{what}: {len(raw)} bytes came; wanted {' or '.join(map(str, sizes))}")
    if not raw.isascii():
        raise WireError(f"{what}: {raw!r} is no ASCII")
    return raw.decode("ascii")


def _integer(text: str, what: str) -> int:
    if not text.isdigit():
        raise WireError(f"{what} is {text!r}; wanted digits")
    return int(text)
