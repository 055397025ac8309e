"""Stands between a client and a right server that speaks SoupBinTCP or FIX, and makes it a wrong one in one named way.

| way | what becomes of what |
|---|---|
| `set KIND field=value ... [n]` | of each message of this kind from the server, or the nth alone, these fields are others; `+1` adds, `-` leaves out |
| `drop KIND [n]` | it never comes |
| `twice KIND [n]` | it comes a second time |
| `before KIND field=value ... [n]` | before the nth (the first) comes another like it with these fields; `type=` makes it one of another type |
| `deaf KIND` | messages of this kind from the client never arrive |
| `close KIND` | the connection is closed as soon as the client sends one |
| `stay` | that the server closes is not handed on |
"""

from __future__ import annotations

import select
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

import numpy as np

from harness.conformance.wire.ouch_fields import put
from harness.wire import fix, ouch, soup
from harness.wire.ouch_layout import FORMS, REPLY

LOOK_S = 0.01
PACKETS = {"A": "accepted", "J": "rejected", "H": "alive", "+": "debug", "R": "alive", "L": "login", "O": "logout"}


class Deviating:
    """Connections, each handed on to where it was meant for."""

    def __init__(self, address: tuple[str, int], protocol: str) -> None:
        self._there, self._wire = address, SoupWire() if protocol == "ouch" else FixWire()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = self._listener.getsockname()
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()
        self.be("")

    def be(self, way: str) -> None:
        """From here on it is wrong in this way, or in none."""
        self._verb, *words = way.split() or [""]
        self._nth = int(words.pop()) if words[1:] and words[-1].isdigit() else 0
        self._kind = words[0] if words else ""
        self._fields = dict(word.split("=", 1) for word in words[1:])
        self._seen: Counter[str] = Counter()

    def close(self) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while not self._is_over.is_set():
            if select.select([self._listener], [], [], LOOK_S)[0]:
                here, _ = self._listener.accept()
                self._threads.append(threading.Thread(target=self._hand_on, args=(here,)))
                self._threads[-1].start()

    def _hand_on(self, here: socket.socket) -> None:
        with suppress(OSError), here, socket.create_connection(self._there) as there:
            rest = {here: b"", there: b""}
            ends = [here, there]
            while here in ends and not self._is_over.is_set():
                for end in select.select(ends, [], [], LOOK_S)[0]:
                    got = end.recv(1 << 17)
                    if not got and end is there and self._verb == "stay":
                        ends.remove(there)
                    elif not got:
                        return
                    whole, rest[end] = self._wire.split(rest[end] + got)
                    if end is here and not self._asks(whole, rest, here, there):
                        return
                    if end is there:
                        here.sendall(b"".join(said for raw in whole for said in self._told(raw)))

    def _asks(
        self, whole: list[bytes], rest: dict[socket.socket, bytes], here: socket.socket, there: socket.socket
    ) -> bool:
        """Hand on what the client says in one piece, also half a message; whether it goes on."""
        is_meant = [self._kind == self._wire.kind(raw, of_client=True) for raw in whole]
        if self._verb == "close" and any(is_meant):
            return False
        heard = [raw for raw, meant in zip(whole, is_meant, strict=True) if not (meant and self._verb == "deaf")]
        there.sendall(b"".join((*heard, rest[here])))
        rest[here] = b""
        return True

    def _told(self, raw: bytes) -> Iterator[bytes]:
        kind = self._wire.kind(raw, of_client=False)
        self._seen[kind] += 1
        is_meant = kind == self._kind and self._nth in (0, self._seen[kind])
        if is_meant and self._verb == "before" and self._seen[kind] == (self._nth or 1):
            yield self._wire.altered(raw, self._fields)
        if is_meant and self._verb == "set":
            yield self._wire.altered(raw, self._fields)
        elif not (is_meant and self._verb == "drop"):
            yield raw
        if is_meant and self._verb == "twice":
            yield raw


class SoupWire:
    """Packets, and the OUCH messages in them."""

    def split(self, stream: bytes) -> tuple[list[bytes], bytes]:
        found = soup.split(stream)
        if found.malformed_at is not None:
            return [stream], b""
        return [stream[start - 3 : end] for _, start, end in found.packets.tolist()], stream[found.used :]

    def kind(self, raw: bytes, *, of_client: bool) -> str:
        kind = chr(raw[2]) if len(raw) > 2 else ""
        is_message = kind == ("U" if of_client else "S") and len(raw) > 3
        return chr(raw[3]) if is_message else PACKETS.get(kind, kind)

    def altered(self, raw: bytes, fields: dict[str, str]) -> bytes:
        if raw[2] == soup.PacketType.ACCEPTED:
            was = soup.read_accepted(raw[3:])
            sequence = was.sequence + int(fields.get("sequence", "0"))
            return soup.accepted_packet(soup.Accepted(fields.get("session", was.session), sequence))
        if raw[2] == soup.PacketType.REJECTED:
            return soup.rejected_packet(soup.Rejection(ord(fields["reason"])))
        record = ouch.decode_replies(raw, soup.split(raw).packets).records
        if "type" in fields:
            other = np.zeros(1, REPLY)
            other["type"], other["user_ref_num"], other["timestamp"] = (
                ord(fields["type"]),
                record["user_ref_num"],
                record["timestamp"],
            )
            record = other
        for name, text in fields.items():
            if name != "type":
                is_step = text[0] in "+-" and FORMS[name].is_number
                put(record, name, str(int(record[name][0]) + int(text)) if is_step else text)
        return ouch.encode_replies(record).tobytes()


class FixWire:
    """Messages of FIX."""

    def split(self, stream: bytes) -> tuple[list[bytes], bytes]:
        found = fix.split(stream)
        if found.garbled:
            return [stream[: found.used]], stream[found.used :]
        return [fix.encode(one.kind, one.fields) for one in found.messages], stream[found.used :]

    def kind(self, raw: bytes, *, of_client: bool) -> str:
        del of_client
        found = fix.split(raw).messages
        return found[0].kind if found else ""

    def altered(self, raw: bytes, fields: dict[str, str]) -> bytes:
        (message,) = fix.split(raw).messages
        known = dict.fromkeys(tag for tag, _ in message.fields)
        values = [(tag, _other(value, fields.get(str(tag)))) for tag, value in message.fields]
        values += [(int(tag), text) for tag, text in fields.items() if int(tag) not in known]
        return fix.encode(message.kind, tuple((tag, value) for tag, value in values if value != "-"))


def _other(value: str, text: str | None) -> str:
    if text is None:
        return value
    return str(int(value) + int(text)) if text.startswith("+") else text
