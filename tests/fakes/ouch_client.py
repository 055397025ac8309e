"""Requests of an OUCH client, one a packet, and what it hears, as plain values."""

from __future__ import annotations

import numpy as np

from harness.wire import ouch, soup
from harness.wire.ouch_layout import LENGTH_PRESENT, REPLY, REQUEST

FIRM = ouch.word("DEMO", 4)
SYMBOL = ouch.word("ONE", 8)


def request(kind, number, **fields):
    """A record with what is always the same in it."""
    made = np.zeros(1, REQUEST)
    made["type"], made["user_ref_num"] = ord(kind), number
    made["present"] = 0 if kind in "XMQ" else LENGTH_PRESENT
    terms = {"time_in_force": ord("0"), "display": ord("Y"), "inter_market_sweep_eligibility": ord("N")}
    defaults = {
        "O": terms | {"side": ord("B"), "symbol": SYMBOL, "capacity": ord("P"), "cross_type": ord("N"), "quantity": 5, "price": 100 * 100, "cl_ord_id": b"MINE".ljust(14)},
        "U": terms | {"quantity": 5, "price": 100 * 100, "cl_ord_id": b"MORE".ljust(14)},
        "C": {"firm": FIRM, "symbol": ouch.word("", 8)}, "D": {"firm": FIRM}, "E": {"firm": FIRM},
    }  # fmt: skip
    for name, value in (defaults.get(kind, {}) | fields).items():
        made[name] = value
    return made


def buy(number, price=100, quantity=5, **fields):
    return request("O", number, price=price * 100, quantity=quantity, **fields)


def sell(number, price=100, quantity=5, **fields):
    return buy(number, price, quantity, side=ord("S"), **fields)


def replace(old, number, price=100, quantity=5, **fields):
    return request("U", number, orig_user_ref_num=old, price=price * 100, quantity=quantity, **fields)


def cancel(number, quantity=0):
    return request("X", number, quantity=quantity)


def sent(*requests):
    """Packets, ready to be sent."""
    return ouch.encode_requests(np.concatenate(requests, dtype=REQUEST)).tobytes()


def heard(packets):
    """The type and number of each sequenced packet, and its quantity, if it has one."""
    found = soup.split(packets)
    assert found.used == len(packets)
    decoded = ouch.decode_replies(packets, found.packets)
    assert not decoded.defects.any()
    return [(chr(one["type"]), int(one["user_ref_num"]), int(one["quantity"])) for one in decoded.records]


def replies(packets):
    """The replies as records."""
    return ouch.decode_replies(packets, soup.split(packets).packets).records.astype(REPLY)
