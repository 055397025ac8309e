"""Whose an event is follows from its ids alone."""

import numpy as np

from engines.service.gateway.ids import REFUSED, ids_of, parties_of
from harness.base.records import Event, EventKind, events_of


def test_an_id_is_its_port_and_its_number():
    ids = ids_of(7, np.array([1, 2**32 - 1]))
    parties = parties_of(events_of([Event(order=int(one), kind=EventKind.ACCEPTED) for one in ids]))
    assert parties.ports.tolist() == [7, 7]
    assert parties.numbers.tolist() == [1, 2**32 - 1]
    assert parties.maker_ports.tolist() == [0, 0]


def test_a_trade_concerns_both_and_a_replace_its_new_number():
    own, other = (int(ids_of(port, np.array([9]))[0]) for port in (1, 2))
    parties = parties_of(
        events_of(
            [
                Event(order=own, maker=other, kind=EventKind.TRADE),
                Event(order=own, new_order=own + 1, kind=EventKind.REPLACED),
                Event(order=own, new_order=own + 1, kind=EventKind.REPLACE_REJECTED),
            ]
        )
    )
    assert (parties.ports[0], parties.maker_ports[0]) == (1, 2)
    assert parties.numbers.tolist() == [9, 10, 10]


def test_a_refused_one_is_told_by_its_highest_bit():
    order = int(ids_of(2**16 - 1, np.array([3]))[0]) | int(REFUSED)
    parties = parties_of(events_of([Event(order=order, kind=EventKind.REJECTED)]))
    assert (parties.ports[0], parties.numbers[0], parties.refused[0]) == (2**16 - 1, 3, True)
