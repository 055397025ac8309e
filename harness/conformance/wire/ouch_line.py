"""One OUCH session of a battery, over SoupBinTCP: packets by their names, messages by their letters, and all that was ever told, to hold replays against."""

from __future__ import annotations

import time
from collections import deque

import numpy as np

from harness.base.errors import WireError
from harness.conformance.wire.line import GARBLED, LOGIN_S, Heard, Line
from harness.conformance.wire.ouch_fields import fields_of, request_of
from harness.conformance.wire.script import Saying
from harness.port import Door
from harness.wire import ouch
from harness.wire.ouch_symbols import units_of
from harness.wire.soup import (
    Login,
    PacketType,
    login_packet,
    packet,
    read_accepted,
    read_rejected,
    split,
)
from harness.wire.soup_kernel import END, START, TYPE

PACKETS = {
    "alive": PacketType.CLIENT_HEARTBEAT, "logout": PacketType.LOGOUT, "debug": PacketType.DEBUG, "sequenced": PacketType.SEQUENCED,
    "unsequenced": PacketType.UNSEQUENCED, "end": PacketType.END_OF_SESSION,
}  # fmt: skip
"""Packets of a client, and of no client, by what rows call them."""
HEARD = {
    PacketType.SERVER_HEARTBEAT: "alive", PacketType.DEBUG: "debug", PacketType.END_OF_SESSION: "end", PacketType.UNSEQUENCED: "unsequenced",
}  # fmt: skip
"""What rows call packets of a server that need not be read further."""
AT_ANY_TIME = ("alive", "debug", "unsequenced", "S", "T", "R")
"""Packets beside the stream, system events, and what a venue tells of an order unasked."""
NUMBER = "user_ref_num"
NUMBERED = ("O", "U", "C", "D", "E")
"""Requests that use a number up."""
IOC = "3"
NO_TYPE = -1
"""What stands for a packet of length 0."""
QUIET_S = 0.05
"""For how long nothing comes once an engine has told its past."""


class OuchLine(Line):
    """One login by SoupBinTCP."""

    def __init__(self, door: Door, patience_s: float, login_s: float = LOGIN_S) -> None:
        super().__init__(door, patience_s, login_s)
        self._units = units_of(self.traded)
        self._told: list[bytes] | None = None
        """Each message of the stream, from the first on; None: nobody has logged in yet."""
        self._inbox = b""
        self._packets: deque[tuple[int, bytes]] = deque()
        """Types and payloads that were not looked at."""
        self._position = 0
        """How many messages lie before the next one on this connection; 0 before a login, too."""
        self._is_in = False
        self._highest = self._base = 0
        """The highest number that was sent, and as the row began."""
        self._entered: list[int] = []

    # A row from its beginning to its end.

    def open(self) -> None:
        """Numbers go on."""
        self._base, self._entered = self._highest, []

    def begin(self) -> str:
        """Log in behind the newest message; the first time, hear all that there is."""
        told = self._told
        try:
            self.connect()
        except OSError as error:
            return f"cannot connect: {error}"
        self.write(self._login({"sequence": "1" if told is None else "+1"}))
        answer = self.answer("accepted", "rejected")
        if not isinstance(answer, Heard) or answer.kind == "rejected":
            return f"cannot log in: {self.shown(answer) if isinstance(answer, Heard) else answer.value}"
        if told is None:
            self._hear_all()
        return ""

    def settle(self) -> None:
        """Cancel what the row entered, and hear of it to the end: an order for nothing that is traded is answered behind that."""
        if self._entered and ((self._is_in and self.is_connected) or not self.begin()):
            self._highest += 1
            mark = request_of(self._said("O", symbol="nobody", time_in_force=IOC), self)
            self.write(
                b"".join(request_of(self._said("X", user_ref_num=f"!{one}"), self) for one in self._entered) + mark
            )
            until_s, number = time.monotonic() + self.patience_s, str(self._highest)
            while isinstance(heard := self.hear(until_s), Heard) and heard.fields.get(NUMBER) != number:
                pass
        if self.is_connected:
            self.write(packet(PacketType.LOGOUT))
        self.drop()

    def connect(self) -> None:
        """Nothing was said on it yet."""
        super().connect()
        self._inbox, self._is_in, self._position = b"", False, 0
        self._packets.clear()

    # What is sent.

    def encoded(self, saying: Saying) -> bytes:
        """A packet, or a message in one."""
        (kind,), fields = saying.kinds, dict(saying.fields)
        if kind == "login":
            return self._login(fields)
        if kind == "raw":
            return bytes.fromhex(fields[""]) + bytes(int(fields.get("long", "0")))
        if kind in PACKETS:
            return packet(PACKETS[kind], fields.get("text", "").encode())
        if kind in NUMBERED:
            number = int(self.value(NUMBER, fields.get("", fields.get(NUMBER, "#0"))))
            self._highest = max(self._highest, number)
            self._entered += [number] * (kind in "OU")
        return request_of(saying, self)

    def _login(self, fields: dict[str, str]) -> bytes:
        """What is not named is as it should be."""
        own = self.door.login
        name, timeout_ms = fields.get("username"), fields.get("timeout_ms")
        return login_packet(Login(
            username=own.username.swapcase() if name == "swapped" else self.value("username", name) if name else own.username,
            password=self.value("password", fields["password"]) if "password" in fields else own.password,
            session=self.value("session", fields.get("session", "")),
            sequence=int(self.value("sequence", fields.get("sequence", "+1"))),
            heartbeat_timeout_ms=int(timeout_ms) if timeout_ms else None,
        ))  # fmt: skip

    def _said(self, kind: str, **fields: str) -> Saying:
        own = {NUMBER: f"!{self._highest}"} | fields
        return Saying((kind,), tuple(own.items()))

    def field(self, name: str) -> str:
        """Alone, a number is that of the message."""
        return name or NUMBER

    def value(self, name: str, text: str) -> str:
        """Numbers from the row's first on, prices in the wire's units, places in the stream from its end on."""
        number = None
        if text.startswith("#"):
            number = self._base + int(text[1:])
        elif name == "sequence" and text.startswith("+"):
            number = max(len(self._told or []) + int(text), 1)
        elif name == "price" and text.isdigit():
            number = self.price(text) * self._units
        elif name in {"quantity", "min_qty"} and text.isdigit():
            number = self.quantity(text)
        elif name == "symbol":
            text = self.symbol(text)
        return text.removeprefix("!") if number is None else str(number)

    # What is heard.

    def taken(self, got: bytes) -> None:
        """Take packets apart. What they say is looked at one by one, since a place in the stream means another one behind each."""
        stream = self._inbox + got
        found = split(stream)
        self._inbox = stream[found.used :]
        self._packets += [(int(row[TYPE]), stream[row[START] : row[END]]) for row in found.packets]
        if found.malformed_at is not None:
            self._packets.append((NO_TYPE, b""))

    def next(self) -> Heard | None:
        """The first packet that was not looked at."""
        if not self._packets:
            return None
        kind, payload = self._packets.popleft()
        try:
            return self._read(kind, payload)
        except (WireError, ValueError) as error:
            return Heard(GARBLED, {"text": str(error)})

    def _read(self, kind: int, payload: bytes) -> Heard:
        if kind == NO_TYPE:
            return Heard(GARBLED, {"text": "a packet of length 0"})
        if kind == PacketType.ACCEPTED:
            accepted = read_accepted(payload)
            self._position, self._is_in = accepted.sequence - 1, True
            return Heard("accepted", {"session": accepted.session, "sequence": str(accepted.sequence)})
        if kind == PacketType.REJECTED:
            return Heard("rejected", {"reason": chr(read_rejected(payload))})
        if kind == PacketType.SEQUENCED:
            return self._sequenced(payload)
        return Heard(HEARD.get(PacketType(kind), f"packet {chr(kind)}"), {"text": payload.decode("latin-1")})

    def _sequenced(self, payload: bytes) -> Heard:
        told = self._told if self._told is not None else []
        self._told, self._position = told, self._position + 1
        is_old = self._position <= len(told)
        if is_old and told[self._position - 1] != payload:
            return Heard(GARBLED, {"text": f"message {self._position} came again with other bytes: {payload.hex()}"})
        if not is_old:
            told.append(payload)
        decoded = ouch.decode_replies(payload, np.array([[PacketType.SEQUENCED, 0, len(payload)]], np.int64))
        if decoded.defects[0]:
            return Heard(GARBLED, {"text": payload.hex()})
        return Heard(chr(payload[0]), fields_of(decoded.records[0]), is_old)

    def _hear_all(self) -> None:
        """All that was told before, and which numbers are used: an engine that ran before the battery has a past. What is left of it is canceled."""
        self._told = self._told or []
        give_up_s, quiet_s = time.monotonic() + self.login_s, max(self.patience_s / 10, QUIET_S)
        while isinstance(heard := self.hear(min(time.monotonic() + quiet_s, give_up_s)), Heard):
            number = int(heard.fields.get(NUMBER, "0"))
            self._highest = max(self._highest, number)
            self._entered += [number] * (heard.kind in {"A", "U"})
        self._base = self._highest

    @property
    def is_up_to_date(self) -> bool:
        """By the place in the stream."""
        return self._is_in and self._position >= len(self._told or [])

    def passes_over(self, heard: Heard) -> bool:
        """What comes beside, and what is still said of an earlier row's orders."""
        number = heard.fields.get(NUMBER)
        return heard.kind in AT_ANY_TIME or (number is not None and int(number) <= self._base)

    def shown(self, heard: Heard) -> str:
        """Numbers as the row counts them."""
        words = [heard.kind]
        for name, value in heard.fields.items():
            if name == "timestamp" or not value:
                continue
            is_number = name in {NUMBER, "orig_user_ref_num"} and int(value) > self._base
            words.append(f"{name}=#{int(value) - self._base}" if is_number else f"{name}={value}")
        return " ".join(words)
