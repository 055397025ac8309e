"""The C ABI from an engine's side: what a harness says becomes commands, and what an engine tells becomes reports."""

import numpy as np

from harness.base.records import NONE, Event, EventKind, commands_of, events_of
from harness.wire.c_abi import REPORT, bounds_of, messages_of
from harness.wire.c_abi_served import commands_from, reports_from
from harness.wire.order_table import Orders
from tests.fakes.lines import commands
from tests.fakes.mixed_flow import INSTRUMENTS

FIELDS = ["number", "order", "target", "price", "stop", "qty", "min_qty", "instrument", "account", "kind", "type", "tif", "side", "flags"]  # fmt: skip


def test_commands_come_back_as_they_were_said():
    lines = "B 100x5 #1; S 101x6 #2; B 99x1 #3 ioc; cancel #1; replace #2 #2 100x9"
    said = commands_of(commands(lines))
    back = commands_from(messages_of(said, bounds_of(INSTRUMENTS), Orders()).messages, 1)
    said["side"][said["kind"] != 1] = back["side"][said["kind"] != 1]
    assert back[FIELDS].tolist() == said[FIELDS].tolist()


def reports(*events):
    return reports_from(events_of([Event(**event) for event in events]), Orders())


ACCEPTED = {"kind": EventKind.ACCEPTED, "command": 5, "order": 3, "price": 100, "qty": 7, "side": 1}


def told(rows):
    return rows[["type", "side", "sequence", "order", "price", "qty", "maker", "taker"]].tolist()


def test_an_answer_is_told_report_by_report():
    rows = reports(
        ACCEPTED,
        {"kind": EventKind.TRADE, "command": 5, "order": 3, "maker": 2, "price": 99, "qty": 4, "side": 1},
        {"kind": EventKind.RESTED, "command": 5, "order": 3},
        {"kind": EventKind.CANCEL_REJECTED, "command": 6, "order": 9},
        {"kind": EventKind.REPLACE_REJECTED, "command": 7, "order": 9},
        {"kind": EventKind.REJECTED, "command": 8, "order": 3},
    )
    assert rows.dtype == REPORT
    assert told(rows) == [
        (0, 1, 5, 3, 100, 7, 0, 0),
        (1, 0, 5, 3, 99, 4, 2, 3),
        (4, 0, 6, 9, 0, 0, 0, 0),
        (5, 0, 7, 9, 0, 0, 0, 0),
    ]


def test_a_cancel_is_told_with_the_price_that_its_order_had_last():
    canceled = {"kind": EventKind.CANCELED, "command": 9, "order": 3, "qty": 2, "price": NONE, "side": 1}
    replaced = {"kind": EventKind.REPLACED, "command": 6, "order": 3, "price": 95, "qty": 2, "side": 1}
    assert told(reports(ACCEPTED, canceled))[1] == (2, 1, 9, 3, 100, 2, 0, 0)
    assert told(reports(ACCEPTED, replaced, canceled))[1:] == [(3, 1, 6, 3, 95, 2, 0, 0), (2, 1, 9, 3, 95, 2, 0, 0)]


def test_of_nothing_there_is_nothing():
    assert len(reports_from(events_of([]), Orders())) == 0
    assert len(commands_from(np.zeros(0, messages_of(commands_of([]), bounds_of(INSTRUMENTS), Orders()).messages.dtype), 1)) == 0  # fmt: skip
