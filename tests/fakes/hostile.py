"""What clients send who mean no good, or do not know better: by what it is, so many frames at a time, drawn from a generator."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from harness.wire import ouch
from harness.wire.ouch_layout import LENGTH_PRESENT, REQUEST
from harness.wire.soup import Login, PacketType, login_packet, packet
from tests.fakes.ouch_client import SYMBOL

Draw = np.random.Generator
NUMBER_MOST = 2**32 - 1


class Attack(NamedTuple):
    """One way to be hostile."""

    frames: Callable[[Draw, int], bytes]
    login: str = ""
    """As whom; without one it comes before any login. Numbers of "one" rise by a few only, those of "three" jump."""
    speaks: str = "ouch"


def _noise(draw: Draw, count: int) -> bytes:
    return draw.bytes(20 * count)


def _packets(draw: Draw, count: int) -> bytes:
    """Whole packets, of types that are there and that are not."""
    kinds = draw.choice(list(b"UUUUUUULORAJSHZ+?\0\xff"), count)
    sizes = draw.integers(0, 60, count)
    return b"".join((1 + size).to_bytes(2, "big") + bytes([kind]) + draw.bytes(size) for kind, size in zip(kinds.tolist(), sizes.tolist(), strict=True))  # fmt: skip


def _messages(draw: Draw, count: int) -> bytes:
    """Unsequenced packets that begin as messages do and go on as they like."""
    kinds = draw.choice(list(b"OUXMCDEQ"), count)
    return b"".join(packet(PacketType.UNSEQUENCED, bytes([kind]) + draw.bytes(int(size))) for kind, size in zip(kinds.tolist(), draw.integers(0, 70, count), strict=True))  # fmt: skip


def _orders(draw: Draw, count: int) -> bytes:
    """Orders, cancels, replaces and mass cancels that can be read, whose fields make sense now and then."""
    made = np.zeros(count, REQUEST)
    made["type"] = draw.choice(list(b"OOOOUXXCMDEQ"), count)
    made["present"] = np.where(np.isin(made["type"], list(b"XMQ")), 0, LENGTH_PRESENT)
    made["user_ref_num"] = np.where(draw.random(count) < 0.9, _next(count), draw.integers(0, 1000, count))
    made["orig_user_ref_num"] = draw.integers(0, NUMBER_MOST, count) >> draw.integers(0, 32, count)
    made["side"] = draw.choice(list(b"BSTE?"), count)
    made["symbol"] = np.where(
        draw.random(count) < 0.8, np.uint64(SYMBOL), draw.integers(0, 2**63, count).astype(np.uint64)
    )
    made["quantity"] = draw.integers(0, NUMBER_MOST, count) >> draw.integers(0, 32, count)
    made["price"] = np.where(
        draw.random(count) < 0.7, draw.integers(0, 20_000, count) * 100, draw.integers(0, 2**62, count)
    )
    for name, usual in (("time_in_force", b"03"), ("display", b"YN"), ("inter_market_sweep_eligibility", b"NY"), ("capacity", b"PA"), ("cross_type", b"NO")):  # fmt: skip
        made[name] = np.where(draw.random(count) < 0.8, usual[0], draw.choice([*usual, 0, 255], count))
    return ouch.encode_requests(made).tobytes()


_numbered = 0


def _next(count: int) -> np.ndarray:
    """Numbers above all that were drawn before, so that they are no re-sends."""
    global _numbered  # noqa: PLW0603 - the numbers of a port go on over all connections
    _numbered += count
    return np.arange(_numbered - count + 1, _numbered + 1)


def _flipped(draw: Draw, count: int) -> bytes:
    """Orders with a few bits changed."""
    raw = bytearray(_orders(draw, count))
    for at in draw.integers(0, 8 * len(raw), 3).tolist():
        raw[at // 8] ^= 1 << at % 8
    return bytes(raw)


def _truncated(draw: Draw, count: int) -> bytes:
    raw = _orders(draw, count)
    return raw[: len(raw) - int(draw.integers(1, 40))]


def _oversized(draw: Draw, count: int) -> bytes:
    """Packets as long as a length can tell, of a type that may be sent."""
    return b"".join(packet(PacketType.DEBUG if draw.random() < 0.9 else PacketType.UNSEQUENCED, bytes(2**16 - 2)) for _ in range(max(count // 200, 1))) + _harmless(draw, count)  # fmt: skip


def _harmless(draw: Draw, count: int) -> bytes:
    """Heartbeats and debug packets without end."""
    del draw
    return (packet(PacketType.CLIENT_HEARTBEAT) + packet(PacketType.DEBUG, b"hello")) * (count // 2)


def _logins(draw: Draw, count: int) -> bytes:
    """One login after another, none of them right."""
    names = ("one", "ONE ", "two", "nobody", "", "lines", "watch")
    return b"".join(login_packet(Login(names[name], "wrong", sequence=int(number))) for name, number in zip(draw.integers(0, len(names), count).tolist(), draw.integers(0, 2**40, count), strict=True))  # fmt: skip


def _json(draw: Draw, count: int) -> bytes:
    """Lines of JSON that are none, or say what nobody can."""
    kinds = ["new", "cancel", "replace", "login", "mass_cancel", "halt", "init", "?", None, 7]
    lines = []
    for row in range(count):
        odd = draw.choice([0, -1, 2**31, 2**63 - 1, 2**64, 1e300, 3])
        line = {"type": kinds[int(draw.integers(len(kinds)))], "order": int(odd) if odd < 2**70 else odd, "price": row, "qty": 1, "instrument": 4, "order_type": "limit", "tif": "day", "side": "buy"}  # fmt: skip
        lines.append(json.dumps(line).encode())
    broken = [
        b"{",
        b"[" * 500,
        b"\xff\xfe",
        b"null",
        b'"' + b"x" * 5_000 + b'"',
        b'{"type":"new"',
        b"",
        b"1e999",
        b'{"type":"new","order":"1"}',
    ]
    if draw.random() < 0.7:
        lines[int(draw.integers(count))] = broken[int(draw.integers(len(broken)))]
    return b"\n".join(lines) + b"\n" * int(draw.integers(2))


def _json_orders(draw: Draw, count: int) -> bytes:
    """Lines that can be read, most of them to be rejected."""
    rows = zip(
        range(1, count + 1),
        draw.integers(-5, 20_000, count).tolist(),
        draw.integers(-5, 2_000, count).tolist(),
        strict=True,
    )
    return b"".join(b'{"type":"new","order":%d,"price":%d,"qty":%d,"instrument":4,"order_type":"limit","tif":"ioc","side":"sell"}\n' % row for row in rows)  # fmt: skip


ATTACKS = {
    "noise": Attack(_noise), "noise within": Attack(_noise, "three"), "packets": Attack(_packets, "three"), "packets before the login": Attack(_packets),
    "messages": Attack(_messages, "three"), "orders": Attack(_orders, "one"), "orders before the login": Attack(_orders), "flipped": Attack(_flipped, "three"),
    "truncated": Attack(_truncated, "one"), "oversized": Attack(_oversized, "one"), "harmless": Attack(_harmless, "one"), "logins": Attack(_logins),
    "logins within": Attack(_logins, "one"), "JSON": Attack(_json, "lines", "json"), "JSON before the login": Attack(_json, speaks="json"),
    "orders of JSON": Attack(_json_orders, "lines", "json"),
}  # fmt: skip
