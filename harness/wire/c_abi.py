"""The C ABI of the public matching-engine benchmark: commands as its messages, its reports as events.

Structs and rules are those of `api/matching_engine_api.h` of github.com/flash1-dev/matching-engine-benchmark, where an engine is a
shared library of one instrument. What the ABI cannot say is marked and never guessed: further instruments, all but limit orders that rest
or are immediate-or-cancel, partial cancels, replaces that give a new id, an id that was used before, another account's order, and
whatever an engine would have to reject, since there is no report for a new order that is refused.

An engine may tell the reports of one message in any order; here they stand in the order of `harness.base.records`. That an order rests is
no report of its own: it follows from an acknowledgement that tells more than the trades behind it, where no cancel does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from harness.base.capabilities import Instrument
from harness.base.errors import WireError
from harness.base.records import EVENT, Commands, Event, Events, Int64Array, events_of
from harness.wire.c_abi_kernel import ask, tell
from harness.wire.order_table import Orders

MESSAGE = np.dtype(
    {
        "names": ["type", "order", "sequence", "price", "qty", "side", "ioc"],
        "formats": ["u1", "<u8", "<u8", "<i8", "<u4", "u1", "u1"],
        "offsets": [0, 8, 16, 24, 32, 36, 37],
        "itemsize": 40,
    }
)
"""`me_msg_t`: the fields of its three kinds lie alike; a cancel has only the first three."""
REPORT = np.dtype(
    {
        "names": ["type", "side", "sequence", "order", "price", "qty", "maker", "taker"],
        "formats": ["u1", "u1", "<u8", "<u8", "<i8", "<u4", "<u8", "<u8"],
        "offsets": [0, 1, 8, 16, 24, 32, 40, 48],
        "itemsize": 64,
    }
)
"""`me_report_t`."""
REPORT_TYPES = 6
QTY_MAX = 2**32 - 1
"""The most that a quantity can be."""
Records: TypeAlias = npt.NDArray[np.void]

_ABSENT = events_of([Event()]).view(np.uint8)


class Asked(NamedTuple):
    """A batch of commands as an engine is asked."""

    messages: Records
    places: npt.NDArray[np.uint32]
    """The place of each message's instrument."""
    said: npt.NDArray[np.bool_]
    """Which of the commands these are."""


def bounds_of(instruments: Sequence[Instrument]) -> Int64Array:
    """What of the instruments decides whether a command can be said: a row each, its id and its bounds of price and quantity."""
    low, high = -(2**63) + 1, 2**63 - 1
    rows = [
        (one.id, *(min(max(price, low), high) for price in (one.price_min, one.price_max)), max(one.qty_min, 1), min(one.qty_max, QTY_MAX))
        for one in instruments
    ]  # fmt: skip
    return np.array(rows, np.int64).reshape(-1, 5)


def messages_of(commands: Commands, bounds: Int64Array, orders: Orders) -> Asked:
    """The commands as messages, in order; `orders` takes in the new ones among them."""
    orders.make_room(len(commands))
    messages, places = np.zeros(len(commands), MESSAGE), np.zeros(len(commands), np.uint32)
    said = np.zeros(len(commands), np.bool_)
    count = ask(commands, bounds, orders.table, messages, places, said)
    return Asked(messages[:count], places[:count], said)


def events_from(reports: Records, instrument: int, orders: Orders) -> Events:
    """All that the engine of an instrument reported to a batch, as events, by the sequence numbers of its messages.

    Raises:
        WireError: a report of a type that there is not.
    """
    if len(reports) and int(reports["type"].max()) >= REPORT_TYPES:
        raise WireError(f"a report of type {int(reports['type'].max())}; there are 0 to {REPORT_TYPES - 1}")
    sequence = reports["sequence"]
    if (sequence[1:] < sequence[:-1]).any():
        # From several threads the reports of one message may lie between those of another one.
        reports = reports[np.argsort(sequence, kind="stable")]
    # An order that rests is told beside its acknowledgement.
    events = np.broadcast_to(_ABSENT, (2 * len(reports), EVENT.itemsize)).copy().reshape(-1).view(EVENT)
    return events[: tell(reports, instrument, orders.table, events)]
