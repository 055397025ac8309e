"""The C ABI's messages and reports in kernels: a command that can be said becomes a message, the reports of a message its events."""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.base.kernels import compiled
from harness.base.records import (
    NONE,
    Channel,
    CommandKind,
    Commands,
    EventKind,
    Events,
    Int64Array,
    OrderType,
    TimeInForce,
)
from harness.wire.order_table import Table, enter, find

NEW, CANCEL, MODIFY = range(3)
"""Types of messages."""
ORDER_ACK, TRADE, CANCEL_ACK, MODIFY_ACK, CANCEL_REJECT, MODIFY_REJECT = range(6)
"""Types of reports."""
INSTRUMENT, PRICE_MIN, PRICE_MAX, QTY_MIN, QTY_MAX = range(5)
"""What bounds hold."""

OF_NEW, OF_CANCEL, OF_REPLACE = int(CommandKind.NEW), int(CommandKind.CANCEL), int(CommandKind.REPLACE)
LIMIT = int(OrderType.LIMIT)
SIDE, IOC, ACCOUNT_AT = 1, 2, 2
"""The bits of what is known of an order: its side, whether it may rest, and whose it is, as it was sent. A modify must say the side."""
OF_IOC, OF_DAY, OF_GTC = int(TimeInForce.IOC), int(TimeInForce.DAY), int(TimeInForce.GTC)
RESTED, CHANNEL = int(EventKind.RESTED), int(Channel.ORDER)
KINDS = np.array(
    [
        EventKind.ACCEPTED, EventKind.TRADE, EventKind.CANCELED, EventKind.REPLACED, EventKind.CANCEL_REJECTED,
        EventKind.REPLACE_REJECTED,
    ],
    np.uint8,
)  # fmt: skip
"""The kind of event that a report is, by its type."""
LAST = np.array([0, 1, 2, 0, 0, 0], np.uint8)
"""Which reports of one message come first: what answers it, then trades, then what was canceled of it."""
TURNS = 3


def _ask(commands: Commands, bounds: Int64Array, table: Table, messages: Any, places: Any, said: Any) -> Any:  # noqa: PLR0917 - a kernel
    """Fill the messages and the places of their instruments; how many there are, and which commands they say."""
    count = place = 0
    for row in range(len(commands)):
        command, message = commands[row], messages[count]
        place = place_of(bounds, np.int64(command["instrument"]), place)
        if place == len(bounds):
            place = 0
            continue
        kind = command["kind"]
        if kind == OF_NEW:
            said[row] = say_new(command, bounds[place], table, message)
        elif kind == OF_CANCEL:
            said[row] = say_cancel(command, table, message)
        elif kind == OF_REPLACE:
            said[row] = say_modify(command, bounds[place], table, message)
        if said[row]:
            message["sequence"], places[count] = command["number"], np.uint32(place)
            count += 1
    return count


def _place_of(bounds: Int64Array, instrument: Any, likely: Any) -> Any:
    """The row of an instrument, which is often that of the command before; the number of rows where it has none."""
    if likely < len(bounds) and bounds[likely, INSTRUMENT] == instrument:
        return likely
    place = 0
    while place < len(bounds) and bounds[place, INSTRUMENT] != instrument:
        place += 1
    return place


def _say_new(command: Any, bounds: Int64Array, table: Table, message: Any) -> bool:
    order, tif = command["order"], command["tif"]
    bare = (
        command["stop"] == NONE and command["min_qty"] == NONE and command["display"] == NONE and command["flags"] == 0
    )
    kept = tif in (OF_IOC, OF_DAY, OF_GTC)
    if order == 0 or command["side"] > 1 or command["type"] != LIMIT or not (bare and kept and fits(command, bounds)):
        return False
    if table.ids[find(table, order)] == order:
        # Whether the earlier order with this id still lives, only the engine knows.
        return False
    known = (np.int64(command["account"]) << ACCOUNT_AT) | np.int64(command["side"])
    if tif == OF_IOC:
        known |= IOC
    enter(table, order, known)
    message["type"], message["order"] = NEW, order
    message["price"], message["qty"] = command["price"], np.uint32(command["qty"])
    message["side"], message["ioc"] = command["side"], tif == OF_IOC
    return True


def _say_cancel(command: Any, table: Table, message: Any) -> bool:
    if command["qty"] != NONE or not is_own(command, table):
        return False
    message["type"], message["order"] = CANCEL, command["target"]
    return True


def _say_modify(command: Any, bounds: Int64Array, table: Table, message: Any) -> bool:
    target = command["target"]
    if target == 0 or command["order"] != target or not fits(command, bounds) or not is_own(command, table):
        return False
    message["type"], message["order"] = MODIFY, target
    message["price"], message["qty"] = command["price"], np.uint32(command["qty"])
    # Of an order that never came the engine knows no side either.
    message["side"] = np.uint8(table.known[find(table, target)] & SIDE)
    return True


def _fits(command: Any, bounds: Int64Array) -> bool:
    price, qty = command["price"], command["qty"]
    return bool(bounds[PRICE_MIN] <= price <= bounds[PRICE_MAX] and bounds[QTY_MIN] <= qty <= bounds[QTY_MAX])


def _is_own(command: Any, table: Table) -> bool:
    """Whether the order that it acts on was sent by the same account, or never."""
    at = find(table, command["target"])
    return bool(
        command["target"] == 0 or table.ids[at] == 0 or table.known[at] >> ACCOUNT_AT == np.int64(command["account"])
    )


def _tell(reports: Any, instrument: Any, table: Table, events: Events) -> Any:
    """Fill the events of reports that stand by sequence number; how many there are."""
    row = count = 0
    while row < len(reports):
        end = row + 1
        while end < len(reports) and reports[end]["sequence"] == reports[row]["sequence"]:
            end += 1
        count = answer(reports, row, end, table, events, count)
        row = end
    for at in range(count):
        events[at]["instrument"], events[at]["channel"] = np.uint32(instrument), CHANNEL
    return count


def _answer(reports: Any, first: Any, end: Any, table: Table, events: Events, count: Any) -> Any:  # noqa: PLR0917 - a kernel
    """The events of one message, from `count` on, and where there is no report of it, that what is left of its order rests."""
    acknowledged, ended, traded = -1, False, np.int64(0)
    for turn in range(TURNS):
        for row in range(first, end):
            report = reports[row]
            if LAST[report["type"]] != turn:
                continue
            event = events[count]
            fill(report, event)
            count += 1
            if report["type"] == TRADE:
                traded += np.int64(report["qty"])
            elif report["type"] == CANCEL_ACK:
                ended = True
            elif report["type"] in (ORDER_ACK, MODIFY_ACK):
                acknowledged = row
    if acknowledged >= 0 and not ended:
        report = reports[acknowledged]
        if traded < np.int64(report["qty"]) and may_rest(table, report["order"]):
            event = events[count]
            event["command"], event["order"], event["price"] = report["sequence"], report["order"], report["price"]
            event["kind"] = RESTED
            count += 1
    return count


def _fill(report: Any, event: Any) -> None:
    kind = report["type"]
    event["command"], event["order"], event["kind"] = report["sequence"], report["order"], KINDS[kind]
    if kind == TRADE:
        event["order"], event["maker"] = report["taker"], report["maker"]
    if kind == MODIFY_ACK:
        event["new_order"] = report["order"]
    if kind in (ORDER_ACK, TRADE, MODIFY_ACK):
        event["price"], event["qty"] = report["price"], np.int64(report["qty"])


def _may_rest(table: Table, order: Any) -> bool:
    at = find(table, order)
    return not (order != 0 and table.ids[at] == order and table.known[at] & IOC)


place_of = compiled(_place_of)
fits = compiled(_fits)
is_own = compiled(_is_own)
say_new = compiled(_say_new)
say_cancel = compiled(_say_cancel)
say_modify = compiled(_say_modify)
ask = compiled(_ask)
fill = compiled(_fill)
may_rest = compiled(_may_rest)
answer = compiled(_answer)
tell = compiled(_tell)
