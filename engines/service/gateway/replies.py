"""Events become the sequenced packets of a port. The same events always give the same packets: they take nothing but the port's requests."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engines.service.gateway.ids import Parties, picked
from engines.service.gateway.intake import A_CANCEL
from engines.service.gateway.requests import Requests
from engines.service.operations.clock import DAY_NS
from harness.base.records import NONE, EventKind, Events
from harness.wire import ouch
from harness.wire.ouch_replies import to_replies
from harness.wire.ouch_symbols import Symbols
from harness.wire.ouch_terms import Entered
from harness.wire.soup_kernel import Bytes

CANCEL_REJECT = ord("I")


def packets_of(port: int, events: Events, parties: Parties, requests: Requests, symbols: Symbols) -> Bytes:
    """What a port is told of events, in their order. Times on the wire are since midnight, UTC."""
    said, rows = picked(port, events, parties)
    refused = parties.refused[rows]
    if has_refused := bool(refused.any()):
        is_cancel = refused & (said["price"] == A_CANCEL)
        said["reason"] = np.where(refused, said["qty"], said["reason"])
    said["engine_ns"] = np.where(said["engine_ns"] == NONE, NONE, said["engine_ns"] % DAY_NS)
    orders = _rows(parties.ports[rows] == port, parties.numbers[rows], requests.room)
    makers = _rows(parties.maker_ports[rows] == port, parties.maker_numbers[rows], requests.room)
    told = to_replies(said, Entered(requests.records, orders, makers), symbols)
    if has_refused and is_cancel.any():
        # A trade is told once to each side that is this port's, all else once.
        is_trade = said["kind"] == EventKind.TRADE
        counts = np.where(is_trade, (orders >= 0).astype(np.int64) + (makers >= 0), 1) * (told.untold == 0)
        told.replies["type"][np.repeat(is_cancel, counts)] = CANCEL_REJECT
    return ouch.encode_replies(told.replies)


def _rows(mine: npt.NDArray[np.bool_], numbers: npt.NDArray[np.int64], room: int) -> npt.NDArray[np.int64]:
    """The request of each, where it is this port's; a number beyond those kept is of a configuration that was larger, and is told to nobody."""
    return np.where(mine & (numbers < room), numbers, -1)
