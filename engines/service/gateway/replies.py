"""Events become the sequenced packets of all ports. The same events always give the same packets: they take nothing but the ports' requests."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from engines.service.gateway.ids import Parties
from engines.service.gateway.intake import A_CANCEL
from engines.service.gateway.requests import Requests
from engines.service.operations.clock import DAY_NS
from harness.base.bits import copied, picked
from harness.base.records import NONE, EventKind, Events, Int64Array
from harness.wire import ouch
from harness.wire.ouch_replies import to_replies
from harness.wire.ouch_symbols import Symbols
from harness.wire.ouch_terms import Entered
from harness.wire.soup import split
from harness.wire.soup_kernel import END, Bytes

CANCEL_REJECT = ord("I")


class Packets(NamedTuple):
    """What one port is told."""

    port: int
    packets: Bytes
    ends: Int64Array
    """Where each of them ends."""


def packets_of(events: Events, parties: Parties, requests: Requests, symbols: Symbols) -> Iterator[Packets]:
    """What each port is told of events, in their order. Times on the wire are since midnight, UTC."""
    said, refused = copied(events), parties.refused
    if has_refused := bool(refused.any()):
        is_cancel = refused & (said["price"] == A_CANCEL)
        said["reason"] = np.where(refused, said["qty"], said["reason"])
    said["engine_ns"] = np.where(said["engine_ns"] == NONE, NONE, said["engine_ns"] % DAY_NS)
    orders = requests.rows(parties.ports, parties.numbers)
    makers = requests.rows(parties.maker_ports, parties.maker_numbers)
    told = to_replies(said, Entered(requests.records, orders, makers), symbols)
    if not len(told.replies):
        return
    if has_refused and is_cancel.any():
        # A trade is told once to each side that came by a request, all else once.
        is_trade = said["kind"] == EventKind.TRADE
        counts = np.where(is_trade, (orders >= 0).astype(np.int64) + (makers >= 0), 1) * (told.untold == 0)
        told.replies["type"][np.repeat(is_cancel, counts)] = CANCEL_REJECT
    owners = requests.owners(told.owners)
    by_port = np.argsort(owners, kind="stable")
    packets = ouch.encode_replies(picked(told.replies, by_port))
    ends = split(packets).packets[:, END]
    owners = owners[by_port]
    firsts = [0, *(np.flatnonzero(np.diff(owners)) + 1).tolist(), len(owners)]
    begin = 0
    for first, behind in pairwise(firsts):
        own = ends[first:behind]
        yield Packets(int(owners[first]), packets[begin : own[-1]], own - begin)
        begin = int(own[-1])
