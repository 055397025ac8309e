"""Commands as messages of the C ABI and its reports as events: what can be said is said whole, and what cannot be is marked."""

import numpy as np
import pytest

from harness.base.capabilities import Instrument
from harness.base.errors import WireError
from harness.base.records import NONE, Channel, EventKind, commands_of, event_rows
from harness.wire.c_abi import MESSAGE, QTY_MAX, REPORT, bounds_of, events_from, messages_of
from harness.wire.c_abi_kernel import (
    CANCEL_ACK,
    CANCEL_REJECT,
    MODIFY_ACK,
    MODIFY_REJECT,
    ORDER_ACK,
    TRADE,
)
from harness.wire.order_table import Orders
from tests.fakes.lines import commands

INSTRUMENTS = (
    Instrument(id=1, symbol="ONE", price_min=-50, price_max=200, qty_max=50),
    Instrument(id=7, symbol="SEVEN", price_max=2**70, qty_max=2**40),
)
BOUNDS = bounds_of(INSTRUMENTS)


def asked(lines, orders=None):
    return messages_of(commands_of(commands(lines)), BOUNDS, orders or Orders())


def told(reports, lines=""):
    """The kinds, and what else is told, of the events behind reports about the orders of the lines."""
    orders = Orders()
    asked(lines, orders)
    rows = np.zeros(len(reports), REPORT)
    for row, report in zip(rows, reports, strict=True):
        for name, value in report.items():
            row[name] = value
    return event_rows(events_from(rows, 1, orders))


def test_a_message_is_laid_out_as_the_header_says():
    assert (MESSAGE.itemsize, REPORT.itemsize) == (40, 64)
    made = asked("S -7x5 #258 ioc").messages.tobytes()
    words = np.frombuffer(made[:32], "<u8").tolist()
    assert words == [0, 258, 1, 2**64 - 7]
    assert made[32:] == bytes([5, 0, 0, 0, 1, 1, 0, 0])


def test_what_the_abi_knows_is_said():
    made = asked("B 100x5 #1; S 101x6 #2 gtc; B 99x1 #3 ioc a2; cancel #1; replace #2 #2 100x9; B 1x1 #4 i7")
    assert made.said.all()
    fields = made.messages[["type", "order", "sequence", "price", "qty", "side", "ioc"]].tolist()
    assert fields == [
        (0, 1, 1, 100, 5, 0, 0),
        (0, 2, 2, 101, 6, 1, 0),
        (0, 3, 3, 99, 1, 0, 1),
        (1, 1, 4, 0, 0, 0, 0),
        (2, 2, 5, 100, 9, 1, 0),
        (0, 4, 6, 1, 1, 0, 0),
    ]
    assert made.places.tolist() == [0, 0, 0, 0, 0, 1]


UNSAID = {
    "a market order": "B x5 #1 market", "fill or kill": "B 100x5 #1 fok", "post-only": "B 100x5 #1 post", "a stop": "B x5 #1 @105",
    "a stop limit": "B 100x5 #1 @105", "a least quantity": "B 100x5 #1 min3", "another instrument": "B 100x5 #1 i9", "the order 0": "B 100x5 #0",
    "too high a price": "B 201x5 #1", "too low a price": "B -51x5 #1", "no quantity": "B 100x0 #1", "too much": "B 100x51 #1",
    "more than the field holds": f"B 100x{QTY_MAX + 1} #1 i7", "a mass cancel": "mass_cancel a1",
}  # fmt: skip


@pytest.mark.parametrize("line", UNSAID.values(), ids=UNSAID.keys())
def test_what_it_does_not_know_is_not_said(line):
    orders = Orders()
    assert not asked(line, orders).said.any()
    assert orders.table.taken[0] == 0


UNSAID_LATER = {
    "an id that was used": "B 100x5 #1", "a partial cancel": "cancel #1 x2", "a cancel of another's order": "cancel #1 a2", "a new id": "replace #1 #2 100x5",
    "a replace of another's order": "replace #1 #1 100x5 a2", "a replace by too much": "replace #1 #1 100x51", "a replace by nothing": "replace #1 #1 100x0",
}  # fmt: skip


@pytest.mark.parametrize("line", UNSAID_LATER.values(), ids=UNSAID_LATER.keys())
def test_what_it_cannot_say_of_an_order_is_not_said(line):
    assert asked(f"S 100x5 #1; {line}").said.tolist() == [True, False]


def test_orders_that_never_came_may_be_canceled_and_replaced():
    assert asked("cancel #77; replace #78 #78 100x5; cancel #0").said.all()


def test_an_answer_stands_in_our_order_whatever_the_engines_was():
    reports = [
        {"type": TRADE, "sequence": 2, "taker": 2, "maker": 1, "price": 99, "qty": 2},
        {"type": CANCEL_ACK, "sequence": 2, "order": 2, "qty": 3},
        {"type": ORDER_ACK, "sequence": 2, "order": 2, "price": 100, "qty": 5},
    ]
    events = told(reports, "S 99x2 #1; B 100x5 #2 ioc")
    assert [event.kind for event in events] == [EventKind.ACCEPTED, EventKind.TRADE, EventKind.CANCELED]
    assert [event.command for event in events] == [2, 2, 2]
    trade = events[1]
    assert (trade.order, trade.maker, trade.price, trade.qty, trade.channel) == (2, 1, 99, 2, Channel.ORDER)
    assert (events[2].order, events[2].qty, events[2].price) == (2, NONE, NONE)


ACK = {"type": ORDER_ACK, "sequence": 1, "order": 1, "price": 100, "qty": 5}
PART = {"type": TRADE, "sequence": 1, "taker": 1, "maker": 9, "price": 99, "qty": 2}
WHOLE = PART | {"qty": 5}
GONE = {"type": CANCEL_ACK, "sequence": 1, "order": 1}
RESTS = {
    "nothing traded": ("B 100x5 #1", [ACK], True),
    "a part traded": ("B 100x5 #1", [ACK, PART], True),
    "all traded": ("B 100x5 #1", [ACK, WHOLE], False),
    "more traded than there was": ("B 100x5 #1", [ACK, WHOLE, PART], False),
    "a cancel is told": ("B 100x5 #1", [ACK, GONE], False),
    "it may not rest": ("B 100x5 #1 ioc", [ACK, PART], False),
    "replaced": ("B 100x5 #1", [ACK | {"type": MODIFY_ACK}], True),
    "a replace was rejected": ("B 100x5 #1", [{"type": MODIFY_REJECT, "sequence": 1, "order": 1}], False),
}


@pytest.mark.parametrize(("line", "reports", "rests"), RESTS.values(), ids=RESTS.keys())
def test_an_order_rests_where_the_engine_leaves_something_of_it(line, reports, rests):
    events = told(reports, line)
    assert [event.kind for event in events].count(EventKind.RESTED) == rests
    if rests:
        assert (events[-1].kind, events[-1].order, events[-1].price) == (EventKind.RESTED, 1, 100)
        assert (events[-1].qty, events[-1].remaining) == (NONE, NONE)


def test_a_replaced_order_keeps_its_id():
    replaced = told([ACK | {"type": MODIFY_ACK}], "B 100x5 #1")[0]
    assert (replaced.kind, replaced.order, replaced.new_order) == (EventKind.REPLACED, 1, 1)
    assert (replaced.price, replaced.qty) == (100, 5)


def test_reports_of_several_threads_are_put_in_the_order_of_their_messages():
    reports = [
        {"type": CANCEL_REJECT, "sequence": 2, "order": 8},
        ACK,
        {"type": MODIFY_REJECT, "sequence": 3, "order": 9},
        WHOLE,
    ]
    events = told(reports, "B 100x5 #1")
    assert [(event.command, event.kind) for event in events] == [
        (1, EventKind.ACCEPTED),
        (1, EventKind.TRADE),
        (2, EventKind.CANCEL_REJECTED),
        (3, EventKind.REPLACE_REJECTED),
    ]


def test_two_answers_stay_two():
    kinds = [event.kind for event in told([ACK, ACK], "B 100x5 #1")]
    assert kinds == [EventKind.ACCEPTED, EventKind.ACCEPTED, EventKind.RESTED]


def test_a_report_that_there_is_not_is_an_error():
    with pytest.raises(WireError, match="a report of type 6; there are 0 to 5"):
        told([ACK, {"type": 6}])


def test_of_nothing_there_are_no_events():
    assert told([]) == []
