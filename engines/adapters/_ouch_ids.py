"""What the order ids of an OUCH client stand for: which session sent each, about what, and the UserRefNum that names it. A kernel numbers a batch.

An order id stands for one order, whichever session said it. A replace that keeps the id gives its order another number; until that is answered,
which of the two the id means is not known, and a command that names it waits.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harness.base.kernels import compiled
from harness.base.records import COMMAND, CommandKind, Commands, Int64Array
from harness.wire.order_table import Orders, Table, enter, find
from harness.wire.ouch import Records

ROOM = 1 << 10
RENAME_NS = 2 * 10**9
"""How long the answer to a replace that keeps the id is waited for: an order that is gone may get none."""
KNOWN = np.dtype([("session", "<i8"), ("instrument", "<i8"), ("number", "<i8"), ("next", "<i8"), ("until_ns", "<i8")])
"""Of an order: its session and instrument, its number, and the number that it gets once a replace is answered (0: none), waited for until then."""
CANCEL, REPLACE, MASS_CANCEL = int(CommandKind.CANCEL), int(CommandKind.REPLACE), int(CommandKind.MASS_CANCEL)
U4, U8 = np.uint32, np.uint64


class Numbering(NamedTuple):
    """A batch of commands, and the numbers that they get."""

    table: Table
    """By order id: the row in `known`."""
    known: npt.NDArray[np.void]
    commands: Commands
    sessions: Int64Array
    """By the row of each command; 0: it cannot be said at all."""
    requests: Records
    """What is said of each, all but the numbers."""
    last: Int64Array
    """By session: the number that was given last."""
    own: Int64Array
    """The number that a command gets; 0: none."""
    says: npt.NDArray[np.bool_]
    """Whether it can be said, now that all numbers are known."""
    left: npt.NDArray[np.bool_]
    """Whether it has to wait, itself or since one before it of its session does."""
    held: npt.NDArray[np.bool_]
    """By session: whether one of its commands has to wait."""


class Settling(NamedTuple):
    """Answers of one session to replaces."""

    table: Table
    known: npt.NDArray[np.void]
    session: int
    orders: npt.NDArray[np.uint64]
    numbers: Int64Array
    taken: npt.NDArray[np.bool_]


def _number(work: Numbering, now_ns: int, apart: bool) -> Any:
    """Number the commands up to the first that has to wait; how many these are. `apart`: only those of its session wait with it."""
    for row in range(len(work.commands)):
        home = work.sessions[row]
        if home == 0:
            continue
        if work.held[home] or is_held(work, row, now_ns):
            if not apart:
                return row
            work.held[home] = work.left[row] = True
        else:
            number_one(work, row, now_ns)
    return len(work.commands)


def _row_of(work: Numbering, row: Any, order: Any) -> Any:
    """Where an order is known, if it is one of the command's session; else -1."""
    at = find(work.table, order)
    if order == U8(0) or work.table.ids[at] != order:
        return -1
    known = work.table.known[at]
    return known if work.known[known]["session"] == work.sessions[row] else -1


def _is_held(work: Numbering, row: Any, now_ns: int) -> Any:
    """Whether it is not known yet which number the order means that the command names."""
    known = row_of(work, row, work.commands[row]["target"])
    if known < 0 or work.known[known]["next"] == 0:
        return False
    if work.known[known]["until_ns"] < now_ns:
        work.known[known]["next"] = 0
        return False
    return True


def _number_one(work: Numbering, row: Any, now_ns: int) -> None:
    command, session, request = work.commands[row], work.sessions[row], work.requests[row]
    kind, order, target = command["kind"], command["order"], command["target"]
    if kind in (CANCEL, REPLACE):
        named = row_of(work, row, target)
        if named < 0 or work.known[named]["instrument"] != command["instrument"]:
            return
        number = U4(work.known[named]["number"])
        if kind == CANCEL:
            request["user_ref_num"], work.says[row] = number, True
            return
        request["orig_user_ref_num"] = number
    keeps = kind == REPLACE and order == target
    is_used = work.table.ids[find(work.table, order)] == order
    if kind != MASS_CANCEL and not keeps and (order == U8(0) or is_used):
        return
    work.last[session] += 1
    work.own[row], work.says[row] = work.last[session], True
    request["user_ref_num"] = U4(work.last[session])
    if keeps:
        known = row_of(work, row, order)
        work.known[known]["next"], work.known[known]["until_ns"] = work.last[session], now_ns + RENAME_NS
    elif kind != MASS_CANCEL:
        known = work.table.taken[0]
        enter(work.table, order, known)
        work.known[known]["session"], work.known[known]["instrument"] = session, command["instrument"]
        work.known[known]["number"], work.known[known]["next"] = work.last[session], 0


def _settle(work: Settling) -> None:
    """Replaces are answered: from here on each id means one order again."""
    for row in range(len(work.orders)):
        at = find(work.table, work.orders[row])
        if work.orders[row] != U8(0) and work.table.ids[at] == work.orders[row]:
            known = work.table.known[at]
            if work.known[known]["session"] != work.session:
                continue
            if work.known[known]["next"] == work.numbers[row]:
                work.known[known]["next"] = 0
            # A replace whose answer was given up and comes all the same has been taken all the same.
            if work.taken[row] and work.known[known]["number"] < work.numbers[row]:
                work.known[known]["number"] = work.numbers[row]


row_of = compiled(_row_of, inner=True)
is_held = compiled(_is_held, inner=True)
number_one = compiled(_number_one, inner=True)
number = compiled(_number)
settle = compiled(_settle)


class Ids:
    """Those of one client, of all its sessions."""

    def __init__(self) -> None:
        self._orders = Orders()
        self._known = np.zeros(ROOM, KNOWN)
        self.settled = 0
        """How often something that commands may wait for was answered."""

    def number(
        self,
        commands: Commands,
        sessions: Int64Array,
        requests: Records,
        last: Int64Array,
        now_ns: int,
        *,
        apart: bool = False,
    ) -> Numbering:
        """Give numbers, counting `last` on; the commands from the first that has to wait on are cut off, or `left` where sessions are `apart`."""
        count = len(commands)
        self._orders.make_room(count)
        if (taken := int(self._orders.table.taken[0])) + count > len(self._known):
            grown = np.zeros(2 * (taken + count), KNOWN)
            grown[:taken] = self._known[:taken]
            self._known = grown
        work = Numbering(
            self._orders.table, self._known, np.ascontiguousarray(commands, COMMAND), sessions, requests, last,
            np.zeros(count, np.int64), np.zeros(count, np.bool_), np.zeros(count, np.bool_), np.zeros(len(last), np.bool_),
        )  # fmt: skip
        if (upto := number(work, now_ns, apart)) == count:
            return work
        return work._replace(
            commands=commands[:upto], sessions=sessions[:upto], requests=requests[:upto], own=work.own[:upto], says=work.says[:upto],
            left=work.left[:upto],
        )  # fmt: skip

    def settle(
        self, session: int, orders: npt.NDArray[np.uint64], numbers: Int64Array, taken: npt.NDArray[np.bool_]
    ) -> None:
        """Replaces of a session are answered: which new ids and numbers they had, and whether each was taken."""
        self.settled += 1
        settle(Settling(self._orders.table, self._known, session, orders, numbers, taken))
