"""Whom each event of a batch concerns: one pass, no array between."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harness.base.kernels import compiled
from harness.base.records import EventKind, Events, Int64Array

S, U8 = np.int64, np.uint64
REPLACED, REPLACE_REJECTED = int(EventKind.REPLACED), int(EventKind.REPLACE_REJECTED)
PORT_AT, REFUSED_AT = np.uint64(32), np.uint64(63)
NUMBER_MASK, ID_MASK = np.uint64(2**32 - 1), np.uint64(2**63 - 1)
Flags = npt.NDArray[np.bool_]


class Parties(NamedTuple):
    """Whom each event concerns, by its row: the ports of the order and of a trade's maker (0: none), and their own numbers."""

    ports: Int64Array
    numbers: Int64Array
    refused: Flags
    maker_ports: Int64Array
    maker_numbers: Int64Array
    named: Int64Array
    """Each of those ports once."""


def _part(events: Events, parties: Parties, seen: Flags) -> Any:
    """Fill in the parties; how many different ports there are. Of a replace it is the new number that is answered."""
    count = 0
    for row in range(len(events)):
        kind = events[row]["kind"]
        own = events[row]["new_order"] if kind in (REPLACED, REPLACE_REJECTED) else events[row]["order"]
        maker = events[row]["maker"]
        parties.refused[row] = own >> REFUSED_AT != U8(0)
        own &= ID_MASK
        parties.ports[row], parties.numbers[row] = S(own >> PORT_AT), S(own & NUMBER_MASK)
        parties.maker_ports[row], parties.maker_numbers[row] = S(maker >> PORT_AT), S(maker & NUMBER_MASK)
        for port in (parties.ports[row], parties.maker_ports[row]):
            if 0 < port < len(seen) and not seen[port]:
                seen[port] = True
                parties.named[count] = port
                count += 1
    return count


part = compiled(_part)
