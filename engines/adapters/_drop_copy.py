"""Reads a drop copy of whole events (docs/service.md), and translates the ids in it into those that commands were sent under.

An id there is the number of a session times 2^32 plus the UserRefNum; bit 63 marks a request that the venue's words for commands do not
hold, whose answer carries its reason as a quantity. The number of the command stays the engine's own: what it groups is known by it, and
which of ours it is, `harness/evidence/one_order.py` finds out.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from engines.adapters._ouch_port import OuchPort
from engines.adapters._soup_client import Received
from harness.base.answers import are_answers
from harness.base.errors import EngineDiedError
from harness.base.records import EVENT, NONE, RECORD_BYTES, Channel, EventKind, Events
from harness.wire.soup_kernel import END, START

NUMBER_AT, SESSION_MASK, NUMBER_MASK = np.uint64(32), np.uint64(2**31 - 1), np.uint64(2**32 - 1)
REFUSED = np.uint64(1 << 63)
A_CANCEL = 1
"""The price in the answer to a refused request that was a cancel."""


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


def translated(events: Events, ports: Mapping[int, OuchPort]) -> Events:
    """The events with the ids and accounts of commands; each session learns which of its commands are answered by now."""
    refused = events["order"] & REFUSED != 0
    for name in ("order", "new_order", "maker"):
        events[name] &= ~REFUSED
    homes = ((events["order"] >> NUMBER_AT) & SESSION_MASK).astype(np.int64)
    accounts, answers = events["account"].copy(), are_answers(events)
    renames = (events["kind"] == EventKind.REPLACED) | (events["kind"] == EventKind.REPLACE_REJECTED)
    for number in np.unique(homes).tolist():
        port = ports.get(number)
        if port is None:
            continue
        mine = homes == number
        port.answered += int((mine & answers).sum())
        events["account"][mine & (accounts != 0)] = port.account
        _settle(events[mine & renames], port)
    _untangle(events, refused)
    for name in ("order", "new_order", "maker"):
        events[name] = _orders(events[name], ports)
    events["channel"] = Channel.DROP_COPY
    return events


def _settle(renamed: Events, port: OuchPort) -> None:
    numbers = (renamed["new_order"] & NUMBER_MASK).tolist()
    for kind, number in zip(renamed["kind"].tolist(), numbers, strict=True):
        port.settle(number, taken=kind == EventKind.REPLACED)


def _untangle(events: Events, refused: npt.NDArray[np.bool_]) -> None:
    """What answers a request that the venue has no command for: its reason stands in the quantity."""
    events["kind"][refused & (events["price"] == A_CANCEL)] = EventKind.CANCEL_REJECTED
    events["reason"][refused] = events["qty"][refused]
    for name in ("price", "qty"):
        events[name][refused] = NONE


def _orders(ids: npt.NDArray[np.uint64], ports: Mapping[int, OuchPort]) -> npt.NDArray[np.uint64]:
    """The order ids that the engine's stand for; those of nobody here stay."""
    orders, homes = ids.copy(), ((ids >> NUMBER_AT) & SESSION_MASK).astype(np.int64)
    for number in np.unique(homes).tolist():
        if port := ports.get(number):
            mine = homes == number
            numbers = (ids[mine] & NUMBER_MASK).astype(np.int64)
            orders[mine] = port.asked["order"][np.minimum(numbers, len(port.asked) - 1)]
    return orders
