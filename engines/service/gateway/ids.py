"""The ids that the gateway gives orders: the port's number above, the client's own number below, so that no table is needed to tell whose it is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engines.service.gateway import ids_kernel
from engines.service.gateway.ids_kernel import NUMBER_MASK, PORT_AT, REFUSED_AT, Parties
from engines.service.ring import words_of
from harness.base.records import EVENT, Events, Int64Array

__all__ = ["NUMBER_MASK", "PORTS", "REFUSED", "Parties", "Picked", "ids_of", "parties_of", "picked"]

Ids = npt.NDArray[np.uint64]
PORTS = 2**16
"""Numbers of ports are below this."""
REFUSED = np.uint64(1) << REFUSED_AT
"""Marks the id of a request that no command can say: it goes through the journal as a command of kind 0, with the reason in its quantity."""


class Picked(NamedTuple):
    """The events that concern one port."""

    events: Events
    rows: Int64Array
    """Which of all they are."""


def ids_of(port: int, numbers: npt.NDArray[np.integer]) -> Ids:
    """The ids of a port's orders."""
    return np.uint64(port << int(PORT_AT)) | numbers.astype(np.uint64)


def parties_of(events: Events) -> Parties:
    """Whom events concern."""
    whole, count = np.ascontiguousarray(events, EVENT), len(events)
    columns = np.empty((4, count), np.int64)
    refused = np.empty(count, np.bool_)
    parties = Parties(
        columns[0], columns[1], refused, columns[2], columns[3], np.empty(min(2 * count, PORTS), np.int64)
    )
    named = ids_kernel.part(whole, parties, np.zeros(PORTS, np.bool_))
    return parties._replace(named=parties.named[:named])


def picked(port: int, events: Events, parties: Parties) -> Picked:
    """Those of a port, copied, in their order."""
    out, rows = np.empty(len(events), EVENT), np.empty(len(events), np.int64)
    count = ids_kernel.pick(words_of(np.ascontiguousarray(events, EVENT)), parties, port, words_of(out), rows)
    return Picked(out[:count], rows[:count])
