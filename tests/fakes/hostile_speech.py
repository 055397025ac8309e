"""How a program that means no good speaks: just enough of JSON lines, of OUCH over SoupBinTCP and of FIX 4.4 to refuse every order.

Nothing but the standard library, since it is loaded by a program that must be there in a few milliseconds.
"""

from __future__ import annotations

import json
import re
import struct
import time
from typing import ClassVar, NamedTuple


class Heard(NamedTuple):
    """What came."""

    reply: bytes
    """What is said to it as a matter of form: a handshake, a login, a heartbeat."""
    orders: list[object]
    """What an answer names."""


class JsonLines:
    """One conversation."""

    OFFER = {
        "commands": ["new", "cancel"],
        "types": ["limit"],
        "tifs": ["day"],
        "carries": ["reason"],
        "reset": "restart",
    }
    GARBAGE = b"Segmentation fault imminent\n"

    def __init__(self) -> None:
        self._begun = b""

    def hear(self, came: bytes) -> Heard:
        *lines, self._begun = (self._begun + came).split(b"\n")
        told = [json.loads(line) for line in lines]
        hello = {"type": "init_ok", "version": 1, "name": "hostile", "capabilities": self.OFFER}
        reply = json.dumps(hello).encode() + b"\n" if any(one["type"] == "init" for one in told) else b""
        return Heard(reply, [(one["number"], one.get("order", 0)) for one in told if "number" in one])

    def answer(self, order: tuple[int, int]) -> bytes:
        number, name = order
        line = {"type": "rejected", "command": number, "order": name, "instrument": 1, "reason": "other"}
        return json.dumps(line).encode() + b"\n"


class Ouch:
    """One connection."""

    GARBAGE = struct.pack(">H", 6) + b"Sfault"

    def __init__(self) -> None:
        self._begun = b""

    def hear(self, came: bytes) -> Heard:
        self._begun += came
        reply, orders = b"", []
        while len(self._begun) >= 2 and len(self._begun) >= (end := 2 + int.from_bytes(self._begun[:2], "big")):
            packet, self._begun = self._begun[2:end], self._begun[end:]
            if packet[:1] == b"L":
                # It goes on behind what the client has heard.
                reply += _packet(b"A" + b"S".rjust(10) + packet[-20:])
            elif packet[:2] == b"UO":
                orders.append(int.from_bytes(packet[2:6], "big"))
        return Heard(reply, orders)

    def answer(self, order: int) -> bytes:
        return _packet(b"S" + struct.pack(">cQIH14sH", b"J", 1, order, 1, b"", 0))


def _packet(packet: bytes) -> bytes:
    return struct.pack(">H", len(packet)) + packet


class Fix:
    """One connection; the numbers of a session go on over all of its connections."""

    GARBAGE = b"8=FIX.4.4\x019=5\x0135=8\x0110=000\x01"
    MESSAGE = re.compile(rb"8=FIX\.4\.4\x01.*?\x0110=\d{3}\x01", re.DOTALL)
    NUMBERS: ClassVar[dict[tuple[str, str], int]] = {}

    def __init__(self) -> None:
        self._begun, self._parties = b"", ("", "")

    def hear(self, came: bytes) -> Heard:
        self._begun += came
        reply, orders, used = b"", [], 0
        for found in self.MESSAGE.finditer(self._begun):
            used = found.end()
            fields = dict(field.split(b"=", 1) for field in found[0].split(b"\x01")[:-1])
            if fields[b"35"] == b"A":
                self._parties = fields[b"56"].decode(), fields[b"49"].decode()
                begins = fields.get(b"141") == b"Y"
                self.NUMBERS[self._parties] = 0 if begins else self.NUMBERS[self._parties]
                reply += self._message("A", "98=0", "108=30", *(("141=Y",) if begins else ()))
            elif fields[b"35"] == b"D":
                orders.append(fields[b"11"].decode())
        self._begun = self._begun[used:]
        return Heard(reply, orders)

    def answer(self, order: str) -> bytes:
        return self._message("8", "37=0", f"11={order}", f"17={order}", "150=8", "39=8", "55=ONE", "54=1", "151=0", "14=0", "6=0")  # fmt: skip

    def test_request(self) -> bytes:
        """What the other side must answer."""
        return self._message("1", f"112={'x' * 10_000}")

    def _message(self, kind: str, *fields: str) -> bytes:
        self.NUMBERS[self._parties] = number = self.NUMBERS[self._parties] + 1
        own, other = self._parties
        sent = time.strftime("%Y%m%d-%H:%M:%S", time.gmtime())
        body = "".join(f"{field}\x01" for field in (f"35={kind}", f"34={number}", f"49={own}", f"52={sent}", f"56={other}", *fields))  # fmt: skip
        whole = f"8=FIX.4.4\x019={len(body)}\x01{body}".encode()
        return whole + b"10=%03d\x01" % (sum(whole) % 256)


SPEECHES = {"jsonl": JsonLines, "ouch": Ouch, "fix": Fix}
