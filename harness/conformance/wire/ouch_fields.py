"""OUCH messages of a row: from names and values to a packet, right or broken on purpose, and from a record to names and values."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from harness.conformance.wire.script import Saying
from harness.port import Door
from harness.wire import ouch
from harness.wire.ouch import Records
from harness.wire.ouch_layout import (
    ALPHA1,
    ALPHA14,
    FORMS,
    LENGTH_PRESENT,
    REPLIES,
    REQUEST,
    TAG_OF,
    TAGS,
    Appendage,
    width,
)
from harness.wire.ouch_layout import REQUESTS as ALL_REQUESTS
from harness.wire.ouch_symbols import FIRM_CHARACTERS, SYMBOL_CHARACTERS
from harness.wire.soup import PacketType, packet
from harness.wire.soup_kernel import HEADER_BYTES

REQUESTS = {one.type: one for one in ALL_REQUESTS}
BY_LETTER = {one.type: one for one in REPLIES}
CHARACTERS = {
    "symbol": SYMBOL_CHARACTERS,
    "firm": FIRM_CHARACTERS,
    "route": FIRM_CHARACTERS,
    "locate_broker": FIRM_CHARACTERS,
}
TEXT = FORMS["cl_ord_id"]
TERMS = {"quantity": "5", "price": "100", "time_in_force": "0", "display": "Y", "inter_market_sweep_eligibility": "N", "cl_ord_id": ""}  # fmt: skip
DEFAULTS: dict[str, dict[str, str]] = {
    "O": TERMS | {"side": "B", "capacity": "P", "cross_type": "N"}, "U": TERMS, "X": {"quantity": "0"}, "M": {"quantity": "0"},
    "C": {"symbol": ""},
}  # fmt: skip
"""What a row need not say."""


class Resolver(Protocol):
    """Who knows what the values of a row stand for."""

    door: Door

    def field(self, name: str) -> str: ...

    def value(self, name: str, text: str) -> str: ...


def request_of(saying: Saying, line: Resolver) -> bytes:
    """The packet of a request."""
    (kind,) = saying.kinds
    layout, given = REQUESTS[kind], {line.field(name): text for name, text in saying.fields}
    record = np.zeros(1, REQUEST)
    record["type"] = ord(kind)
    present = LENGTH_PRESENT if layout.appendage == Appendage.ALWAYS else 0
    own = {"firm": f"!{line.door.login.firm}", "symbol": "own"}
    for name in layout.fields:
        text = given.get(name, DEFAULTS.get(kind, {}).get(name, own.get(name, "")))
        put(record, name, line.value(name, text) if text else text)
    for name, text in given.items():
        if name in TAG_OF and name not in layout.fields:
            put(record, name, line.value(name, text))
            present |= LENGTH_PRESENT | 1 << TAG_OF[name]
    record["present"] = present
    return broken(ouch.encode_requests(record).tobytes(), layout.size(), given)


def broken(raw: bytes, size: int, given: dict[str, str]) -> bytes:
    """The packet as the row wants it broken, if it does.

    That is `cut` to so many bytes in a packet that says so; `half`, so many bytes of the packet and no more; with these bytes in place of its
    `appendage`; of another `type`.
    """
    payload = raw[HEADER_BYTES:]
    if "type" in given:
        payload = given["type"].encode() + payload[1:]
    if "appendage" in given:
        tags = bytes.fromhex(given["appendage"])
        payload = payload[:size] + len(tags).to_bytes(2, "big") + tags
    if "cut" in given:
        payload = payload[: int(given["cut"])]
    whole = packet(PacketType.UNSEQUENCED, payload)
    return whole[: int(given["half"])] if "half" in given else whole


def put(record: Records, name: str, text: str) -> None:
    """One field of a request."""
    form = FORMS[name]
    if form == ALPHA14:
        record[name] = text.ljust(width(form)).encode()
    elif name in CHARACTERS:
        record[name] = ouch.word(text, CHARACTERS[name])
    elif form == ALPHA1:
        record[name] = ord(text or " ")
    else:
        record[name] = int(text or "0", 0)


def fields_of(record: np.void) -> dict[str, str]:
    """The fields of a reply, and of the tags that came with it, as text; spaces behind a text do not count."""
    layout, present = BY_LETTER[chr(record["type"])], int(record["present"])
    tags = [TAGS[tag] for tag in layout.tags if present >> tag & 1]
    return {name: text_of(name, record[name]) for name in (*layout.fields, *tags)}


def text_of(name: str, value: Any) -> str:
    """A value as rows write it."""
    form = FORMS[name]
    if form == ALPHA14:
        return str(value, "latin-1").rstrip(" \0")
    if name == "reject_reason":
        # As the document lists them.
        return f"0x{int(value):02X}"
    if name in CHARACTERS:
        return ouch.text_of(int(value), CHARACTERS[name])
    return chr(int(value)) if form == ALPHA1 else str(int(value))
