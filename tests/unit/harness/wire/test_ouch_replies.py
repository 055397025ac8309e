"""Whole batches of events and replies: rows are held to what they point at."""

import numpy as np
import pytest

from harness.base.records import Event, EventKind, Role, events_of
from harness.wire.ouch_layout import REPLY
from harness.wire.ouch_replies import to_events, to_replies
from harness.wire.ouch_terms import ASKED, Entered, Untold
from tests.fakes.ouch_rows import NEW, SYMBOLS, request

ACCEPTED = Event(kind=EventKind.ACCEPTED, order=40, instrument=7, price=1, qty=1)


def rows(*values):
    return np.array(values, np.int64)


def test_replies_stand_in_the_order_of_their_events():
    requests = np.concatenate([request(NEW, user_ref_num=number) for number in (1, 2)])
    events = events_of([ACCEPTED, ACCEPTED._replace(kind=EventKind.RESTED), ACCEPTED, ACCEPTED._replace(price=-1)])
    told = to_replies(events, Entered(requests, rows(1, 1, 0, 0), rows(-1, -1, -1, -1)), SYMBOLS)
    assert told.replies["user_ref_num"].tolist() == [2, 1]
    assert told.owners.tolist() == [1, 0]
    assert told.untold.tolist() == [Untold.NONE, Untold.KIND, Untold.NONE, Untold.PRICE]


def test_events_stand_in_the_order_of_their_replies():
    replies = np.zeros(3, REPLY)
    replies["type"], replies["order_state"] = list(map(ord, "ASA")), list(map(ord, "D L"))
    heard = to_events(replies, np.array([(40, 0, 1, 7, 3), (41, 0, 2, 9, 3)], ASKED), rows(1, -1, 0), SYMBOLS)
    assert heard.events["order"].tolist() == [41, 41, 40]
    assert heard.sources.tolist() == [0, 0, 2]
    assert heard.untold.tolist() == [Untold.NONE, Untold.KIND, Untold.NONE]


def test_each_of_many_may_give_two():
    trade = ACCEPTED._replace(kind=EventKind.TRADE, maker=39, role=Role.BOTH)
    told = to_replies(
        events_of([trade] * 9), Entered(request(NEW), np.zeros(9, np.int64), np.zeros(9, np.int64)), SYMBOLS
    )
    assert told.owners.tolist() == [0] * 18
    replies = np.zeros(9, REPLY)
    replies["type"], replies["order_state"] = ord("A"), ord("D")
    heard = to_events(replies, np.array([(40, 0, 1, 7, 3)], ASKED), np.zeros(9, np.int64), SYMBOLS)
    assert heard.sources.tolist() == [at // 2 for at in range(18)]


@pytest.mark.parametrize(("orders", "makers"), [((1,), (-1,)), ((0,), (1,)), ((0, 0), (-1,)), ((), ())])
def test_rows_that_point_nowhere_are_refused(orders, makers):
    with pytest.raises(ValueError, match="wanted 1, each below 1"):
        to_replies(events_of([ACCEPTED]), Entered(request(NEW), rows(*orders), rows(*makers)), SYMBOLS)
    with pytest.raises(ValueError, match="wanted 1, each below 0"):
        to_events(np.zeros(1, REPLY), np.zeros(0, ASKED), rows(0), SYMBOLS)


def test_nothing_is_nothing():
    assert len(to_replies(events_of([]), Entered(request(NEW), rows(), rows()), SYMBOLS).replies) == 0
    assert len(to_events(np.zeros(0, REPLY), np.zeros(0, ASKED), rows(), SYMBOLS).events) == 0
