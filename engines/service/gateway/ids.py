"""The ids that the gateway gives orders: the port's number above, the client's own number below, so that no table is needed to tell whose it is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harness.base.records import EventKind, Events, Int64Array

Ids = npt.NDArray[np.uint64]
PORT_AT = np.uint64(32)
NUMBER_MASK = np.uint64(2**32 - 1)
REFUSED = np.uint64(1 << 63)
"""Marks the id of a request that no command can say: it goes through the journal as a command of kind 0, with the reason in its quantity."""
RENAMED = (int(EventKind.REPLACED), int(EventKind.REPLACE_REJECTED))


class Parties(NamedTuple):
    """Whom each event concerns, by its row: the ports of the order and of a trade's maker (0: none), and their own numbers."""

    ports: Int64Array
    numbers: Int64Array
    refused: npt.NDArray[np.bool_]
    maker_ports: Int64Array
    maker_numbers: Int64Array


def ids_of(port: int, numbers: npt.NDArray[np.integer]) -> Ids:
    """The ids of a port's orders."""
    return np.uint64(port << int(PORT_AT)) | numbers.astype(np.uint64)


def parties_of(events: Events) -> Parties:
    """Of a replace it is the new number that is answered."""
    ids = np.where(np.isin(events["kind"], RENAMED), events["new_order"], events["order"])
    refused = ids & REFUSED != 0
    return Parties(*_parted(ids & ~REFUSED), refused, *_parted(events["maker"]))


def _parted(ids: Ids) -> tuple[Int64Array, Int64Array]:
    return (ids >> PORT_AT).astype(np.int64), (ids & NUMBER_MASK).astype(np.int64)
