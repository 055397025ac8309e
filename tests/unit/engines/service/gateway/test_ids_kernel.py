"""Each port is named once."""

import numpy as np

from engines.service.gateway.ids import PORTS, ids_of, parties_of
from harness.base.records import Event, EventKind, events_of


def order_of(port):
    return int(ids_of(port, np.array([1]))[0])


EVENTS = events_of([
    Event(order=order_of(3), kind=EventKind.ACCEPTED, price=7),
    Event(order=order_of(3), maker=order_of(5), kind=EventKind.TRADE, price=8),
    Event(order=order_of(5), kind=EventKind.CANCELED, price=9),
    Event(kind=EventKind.HALTED, price=10),
])  # fmt: skip


def test_the_ports_of_orders_and_makers_are_named_once_each():
    assert parties_of(EVENTS).named.tolist() == [3, 5]
    assert parties_of(EVENTS[3:]).named.tolist() == []


def test_an_id_of_no_port_that_can_be_is_named_to_nobody():
    strange = events_of([Event(order=PORTS << 32 | 1, kind=EventKind.ACCEPTED)])
    assert parties_of(strange).named.tolist() == []
