"""Which command an answer on a session belongs to, in one pass: by its number, or as a cancel's by the order that it names.

The cancels of an order are a queue, the oldest first; orders share `ROOM` queues by their ids. A command is forgotten once another takes its place.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harness.base.kernels import compiled
from harness.base.records import CommandKind, Commands, EventKind, Events, Int64Array

WAITING = np.dtype([("number", "<i8"), ("due_ns", "<i8"), ("sent_ns", "<i8")])
CANCEL = np.dtype([("number", "<i8"), ("order", "<u8"), ("next", "<i8")])
"""A cancel, the order that it names, and the next cancel in its queue; 0: none."""
CANCELS, CANCELED, CANCEL_REJECTED = int(CommandKind.CANCEL), int(EventKind.CANCELED), int(EventKind.CANCEL_REJECTED)


class Table(NamedTuple):
    """The commands that have no answer; all arrays have one length, the room."""

    waiting: npt.NDArray[np.void]
    """By number modulo the room; its number is 0 once it is answered."""
    cancels: npt.NDArray[np.void]
    """By number modulo the room."""
    oldest: Int64Array
    newest: Int64Array
    """By order id modulo the room: the first and the last cancel of the queue."""


def table(room: int) -> Table:
    """An empty one, for as many commands under way."""
    return Table(np.zeros(room, WAITING), np.zeros(room, CANCEL), np.zeros(room, np.int64), np.zeros(room, np.int64))


def _sent(table: Table, commands: Commands) -> None:
    """These wait from here on."""
    room = len(table.waiting)
    for row in range(len(commands)):
        command = commands[row]
        number = np.int64(command["number"])
        waiting = table.waiting[number % room]
        waiting["number"], waiting["due_ns"], waiting["sent_ns"] = number, command["due_ns"], command["sent_ns"]
        if command["kind"] == CANCELS:
            append(table, number, command["target"])


def _append(table: Table, number: Any, order: Any) -> None:
    room = len(table.waiting)
    cancel, queue = table.cancels[number % room], np.int64(order % np.uint64(room))
    cancel["number"], cancel["order"], cancel["next"] = number, order, 0
    last = table.newest[queue]
    if last != 0 and table.cancels[last % room]["number"] == last and table.oldest[queue] != 0:
        table.cancels[last % room]["next"] = number
    else:
        table.oldest[queue] = number
    table.newest[queue] = number


def _oldest_cancel(table: Table, order: Any) -> Any:
    """The oldest cancel of the order that waits, taken from its queue; 0: there is none."""
    room = len(table.waiting)
    queue = np.int64(order % np.uint64(room))
    before, number = np.int64(0), table.oldest[queue]
    while number != 0 and table.cancels[number % room]["number"] == number:
        cancel = table.cancels[number % room]
        waits = table.waiting[number % room]["number"] == number
        is_it = waits and cancel["order"] == order
        if is_it or not waits:
            if before == 0:
                table.oldest[queue] = cancel["next"]
            else:
                table.cancels[before % room]["next"] = cancel["next"]
            if table.newest[queue] == number:
                table.newest[queue] = before
        else:
            before = number
        if is_it:
            return number
        number = cancel["next"]
    return np.int64(0)


def _answered(table: Table, answers: Events, response_ns: Int64Array, service_ns: Int64Array, none: Any) -> Any:
    """How long the first answers took, in both arrays from their beginning; how many have a due time, and how many there are."""
    room, paced, count = len(table.waiting), 0, 0
    for row in range(len(answers)):
        event = answers[row]
        number = np.int64(event["command"])
        if number == 0 and (event["kind"] == CANCELED or event["kind"] == CANCEL_REJECTED):
            number = oldest_cancel(table, event["order"])
        waiting = table.waiting[number % room]
        if number == 0 or waiting["number"] != number:
            continue
        waiting["number"] = 0
        service_ns[count] = event["received_ns"] - waiting["sent_ns"]
        count += 1
        if waiting["due_ns"] != none:
            response_ns[paced] = event["received_ns"] - waiting["due_ns"]
            paced += 1
    return paced, count


append = compiled(_append, inner=True)
oldest_cancel = compiled(_oldest_cancel, inner=True)
sent = compiled(_sent)
answered = compiled(_answered)
