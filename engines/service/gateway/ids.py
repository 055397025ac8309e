"""The ids that the gateway gives orders: the port's number above, the client's own number below, so that no table is needed to tell whose it is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engines.service.gateway import ids_kernel
from engines.service.gateway.ids_kernel import NUMBER_MASK, PORT_AT, REFUSED_AT, Parties
from harness.base.records import EVENT, Events

__all__ = ["NUMBER_MASK", "PORTS", "REFUSED", "Parties", "ids_of", "parties_of"]

Ids = npt.NDArray[np.uint64]
PORTS = 2**16
"""Numbers of ports are below this."""
REFUSED = np.uint64(1) << REFUSED_AT
"""Marks the id of a request that no command can say: it goes through the journal as a command of kind 0, with the reason in its quantity."""


def ids_of(ports: npt.NDArray[np.integer] | int, numbers: npt.NDArray[np.integer]) -> Ids:
    """The ids of orders, each of a port, or all of one."""
    return np.asarray(ports, np.uint64) << PORT_AT | numbers.astype(np.uint64)


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
