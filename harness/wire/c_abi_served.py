"""The C ABI from an engine's side: messages as commands of ours, events as reports.

A cancel is reported with its order's price, which no event of a cancel tells, so the prices of orders are kept by their ids. A new order
that is refused has no report in the ABI.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.base.kernels import compiled
from harness.base.records import (
    NONE,
    CommandKind,
    Commands,
    EventKind,
    Events,
    OrderType,
    TimeInForce,
    empty_commands,
)
from harness.wire.c_abi import REPORT, Records
from harness.wire.c_abi_kernel import (
    CANCEL,
    CANCEL_ACK,
    CANCEL_REJECT,
    MODIFY_ACK,
    MODIFY_REJECT,
    NEW,
    ORDER_ACK,
    TRADE,
)
from harness.wire.order_table import Orders, Table, enter, find

_KINDS = np.array([CommandKind.NEW, CommandKind.CANCEL, CommandKind.REPLACE], np.uint8)
NO_REPORT = -1
TYPES = np.full(256, NO_REPORT, np.int8)
"""The type of the report that tells an event, by its kind."""
TYPES[EventKind.ACCEPTED], TYPES[EventKind.TRADE], TYPES[EventKind.CANCELED] = ORDER_ACK, TRADE, CANCEL_ACK
TYPES[EventKind.REPLACED] = MODIFY_ACK
TYPES[EventKind.CANCEL_REJECTED], TYPES[EventKind.REPLACE_REJECTED] = CANCEL_REJECT, MODIFY_REJECT


def commands_from(messages: Records, instrument: int) -> Commands:
    """The messages as commands of one account about the instrument, numbered by their sequence."""
    commands = empty_commands(len(messages))
    commands["number"], commands["instrument"] = messages["sequence"], instrument
    commands["account"] = commands["session"] = 1
    kinds = messages["type"]
    is_new, is_cancel = kinds == NEW, kinds == CANCEL
    commands["kind"] = _KINDS[kinds]
    commands["order"] = np.where(is_cancel, 0, messages["order"])
    commands["target"] = np.where(is_new, 0, messages["order"])
    commands["price"] = np.where(is_cancel, NONE, messages["price"])
    commands["qty"] = np.where(is_cancel, NONE, messages["qty"].astype(np.int64))
    commands["side"][is_new] = messages["side"][is_new]
    commands["type"][is_new] = OrderType.LIMIT
    commands["tif"][is_new] = np.where(messages["ioc"][is_new] != 0, TimeInForce.IOC, TimeInForce.DAY)
    return commands


def reports_from(events: Events, orders: Orders) -> Records:
    """The events as reports; `orders` keeps the price of each order that was accepted."""
    orders.make_room(len(events))
    reports = np.zeros(len(events), REPORT)
    return reports[: report(events, orders.table, reports)]


def _report(events: Events, table: Table, reports: Any) -> Any:
    """Fill the reports; how many there are."""
    count = 0
    for at in range(len(events)):
        event = events[at]
        kind = TYPES[event["kind"]]
        if kind == NO_REPORT:
            continue
        told = reports[count]
        told["type"], told["sequence"], told["order"] = kind, event["command"], event["order"]
        if kind == TRADE:
            told["maker"], told["taker"] = event["maker"], event["order"]
        if kind in (ORDER_ACK, TRADE, MODIFY_ACK):
            told["price"], told["qty"] = event["price"], np.uint32(event["qty"])
        if kind in (ORDER_ACK, MODIFY_ACK):
            keep(table, event["order"], event["price"])
        if kind == CANCEL_ACK:
            told["price"], told["qty"] = table.known[find(table, event["order"])], np.uint32(event["qty"])
        if kind in (ORDER_ACK, MODIFY_ACK, CANCEL_ACK):
            told["side"] = event["side"]
        count += 1
    return count


def _keep(table: Table, order: Any, price: Any) -> None:
    at = find(table, order)
    if table.ids[at] == order:
        table.known[at] = price
    else:
        enter(table, order, price)


keep = compiled(_keep)
report = compiled(_report)
