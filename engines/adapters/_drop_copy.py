"""Reads a drop copy of whole events (docs/service.md), and translates the ids in it into those that commands were sent under.

An id there is the number of a session times 2^32 plus the UserRefNum; bit 63 marks a request that the venue's words for commands do not
hold, whose answer carries its reason as a quantity. The number of the command stays the engine's own: what it groups is known by it, and
which of ours it is, `harness/evidence/one_order.py` finds out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Protocol

import numpy as np
import numpy.typing as npt

from engines.adapters._soup_client import Received
from harness.base.answers import are_answers
from harness.base.errors import EngineDiedError
from harness.base.records import EVENT, NONE, RECORD_BYTES, Channel, EventKind, Events, Int64Array
from harness.port import Spoken
from harness.wire.soup_kernel import END, START

NUMBER_AT, SESSION_MASK, NUMBER_MASK = np.uint64(32), np.uint64(2**31 - 1), np.uint64(2**32 - 1)
REFUSED = np.uint64(1 << 63)
A_CANCEL = 1
"""The price in the answer to a refused request that was a cancel."""


class Namer(Protocol):
    """A session that knows what its requests stand for."""

    account: int

    @property
    def asked(self) -> npt.NDArray[np.void]:
        """The `order` of each request, by its number."""
        ...

    def settle(self, number: int, *, taken: bool) -> None:
        """A replace is answered."""
        ...


def events_of(received: Received) -> Events:
    """The events of the packets.

    Raises:
        EngineDiedError: a packet is no event.
    """
    starts, ends = received.packets[:, START], received.packets[:, END]
    if (ends - starts != RECORD_BYTES).any():
        raise EngineDiedError("the drop copy: a packet that is no event of 112 bytes")
    stream = np.frombuffer(received.stream, np.uint8)
    events: Events = stream[starts[:, np.newaxis] + np.arange(RECORD_BYTES)].reshape(-1).view(EVENT)
    return events


def answered(events: Events) -> list[tuple[int, int]]:
    """Of which sessions commands are answered, and how many of each."""
    # Mostly these are a few events, whose answers a sender waits for.
    return list(Counter(_homes(events["order"][are_answers(events)]).tolist()).items())


def translated(events: Events, ports: Mapping[int, Namer]) -> Events:
    """The events with the ids and accounts of commands; each session learns what its replaces came to."""
    refused = events["order"] & REFUSED != 0
    for name in ("order", "new_order", "maker"):
        events[name] &= ~REFUSED
    homes = _homes(events["order"])
    renames = (events["kind"] == EventKind.REPLACED) | (events["kind"] == EventKind.REPLACE_REJECTED)
    for number in np.unique(homes[renames]).tolist():
        if port := ports.get(number):
            _settle(events[renames & (homes == number)], port)
    _untangle(events, refused)
    events["channel"] = Channel.DROP_COPY
    return named(events, {number: Spoken(number, port.account, port.asked["order"]) for number, port in ports.items()})


def named(events: Events, spoken: Mapping[int, Spoken]) -> Events:
    """The events with the ids and accounts of commands, as far as it is known under which they were sent: by the number of the session."""
    homes, accounts = _homes(events["order"]), events["account"].copy()
    for number in np.unique(homes).tolist():
        if one := spoken.get(number):
            events["account"][(homes == number) & (accounts != 0)] = one.account
    for name in ("order", "new_order", "maker"):
        events[name] = _orders(events[name], spoken)
    return events


def _settle(renamed: Events, port: Namer) -> None:
    numbers = (renamed["new_order"] & NUMBER_MASK).tolist()
    for kind, number in zip(renamed["kind"].tolist(), numbers, strict=True):
        port.settle(number, taken=kind == EventKind.REPLACED)


def _untangle(events: Events, refused: npt.NDArray[np.bool_]) -> None:
    """What answers a request that the venue has no command for: its reason stands in the quantity."""
    events["kind"][refused & (events["price"] == A_CANCEL)] = EventKind.CANCEL_REJECTED
    events["reason"][refused] = events["qty"][refused]
    for name in ("price", "qty"):
        events[name][refused] = NONE


def _orders(ids: npt.NDArray[np.uint64], spoken: Mapping[int, Spoken]) -> npt.NDArray[np.uint64]:
    """The order ids that the engine's stand for; those of nobody here stay."""
    orders, homes = ids.copy(), _homes(ids)
    for number in np.unique(homes).tolist():
        if one := spoken.get(number):
            mine = homes == number
            numbers = (ids[mine] & NUMBER_MASK).astype(np.int64)
            orders[mine] = one.orders[np.minimum(numbers, len(one.orders) - 1)]
    return orders


def _homes(ids: npt.NDArray[np.uint64]) -> Int64Array:
    """The session of each order."""
    homes: Int64Array = ((ids >> NUMBER_AT) & SESSION_MASK).astype(np.int64)
    return homes
