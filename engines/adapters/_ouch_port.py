"""One account's OUCH session: what its numbers stand for, and nothing of the market.

UserRefNum and order id are translated both ways. A command that OUCH cannot say is not sent, and told as such. An order id stands for
one order: one that was used before is not said again, since OUCH gives every order a number of its own, and the engine could not see that
two orders have one id. A replace that keeps the id gives its order another number; until that is answered, which of the two the id means
is not known, and a command that names it waits.
"""

from __future__ import annotations

import time
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engines.adapters._soup_client import Received, SoupClient
from harness.base.errors import EngineDiedError
from harness.base.records import NONE, Channel, CommandKind, Commands, Events, Int64Array
from harness.wire import ouch
from harness.wire.ouch_replies import to_events
from harness.wire.ouch_requests import Asked, to_requests
from harness.wire.ouch_symbols import Symbols
from harness.wire.ouch_terms import ASKED, Ids

ROOM = 1 << 10
REPLACED, REJECTED = ord("U"), ord("J")
RENAME_S = 2.0
"""How long the answer to a replace that keeps the id is waited for: an order that is gone may get none."""
NAMING = (CommandKind.CANCEL, CommandKind.REPLACE)


class Words(NamedTuple):
    """What all sessions of a client share."""

    symbols: Symbols
    firm: int
    used: set[int]
    """The order ids that were ever said."""


class OuchPort:
    """Kept from its first command on."""

    def __init__(self, number: int, account: int, client: SoupClient, words: Words) -> None:
        self.number, self.account, self.client = number, account, client
        self._words = words
        self.said = self.answered = 0
        """Commands sent, and how many of them are answered."""
        self.said_s = 0.0
        self.asked = np.zeros(ROOM, ASKED)
        """By UserRefNum; row 0 stands for none."""
        self._last = 0
        self._numbers: dict[int, int] = {}
        """Order id -> UserRefNum."""
        self._homes: dict[int, int] = {}
        """Order id -> instrument."""
        self._renaming: dict[int, tuple[int, float]] = {}
        """Order id -> its next number, once the replace is answered, and until when that is waited for."""

    def say(self, commands: Commands) -> tuple[int, npt.NDArray[np.uint64]]:
        """Send as many of the commands as may go now: how many, and the numbers of those that cannot be said."""
        count = self._upto(commands)
        commands = commands[:count]
        # What OUCH cannot say whatever the ids are must not get a number that later commands would name.
        some = np.ones(count, np.uint64)
        sayable = self._asked(commands, some, some).unsaid == 0
        own, targets = np.zeros(count, np.uint64), np.zeros(count, np.uint64)
        for row in np.flatnonzero(sayable).tolist():
            own[row], targets[row] = self._number(commands[row])
        asked = self._asked(commands, own, targets)
        says = asked.unsaid == 0
        if says.any():
            self.said += int(says.sum())
            self.said_s = time.monotonic()
            self.client.send(ouch.encode_requests(asked.requests[says]))
        return count, commands["number"][~says]

    def hear(self, received: Received) -> Events:
        """The events that came on this session."""
        decoded = ouch.decode_replies(received.stream, received.packets)
        if decoded.defects.any():
            raise EngineDiedError(f"session {self.number}: the engine sent a message that is none of OUCH")
        numbers = decoded.records["user_ref_num"].astype(np.int64)
        rows: Int64Array = np.where((numbers > 0) & (numbers <= self._last), numbers, -1)
        letters = decoded.records["type"]
        renamed = decoded.records[(letters == REPLACED) | (letters == REJECTED)]
        for letter, number in zip(renamed["type"].tolist(), renamed["user_ref_num"].tolist(), strict=True):
            self.settle(number, taken=letter == REPLACED)
        events = to_events(decoded.records, self.asked, rows, self._words.symbols).events
        events["channel"], events["session"] = Channel.ORDER, self.number
        return events

    def settle(self, number: int, *, taken: bool) -> None:
        """A replace is answered: from here on the id means one order again."""
        order = int(self.asked["order"][number]) if number <= self._last else 0
        if self._renaming.get(order, (0, 0.0))[0] == number:
            del self._renaming[order]
            if taken:
                self._numbers[order] = number

    def _asked(self, commands: Commands, own: npt.NDArray[np.uint64], targets: npt.NDArray[np.uint64]) -> Asked:
        """The requests, with no totals known, so that a cancel of a part cannot be said."""
        totals, instruments = np.full(len(commands), NONE), np.ascontiguousarray(commands["instrument"])
        return to_requests(commands, Ids(own, targets, totals, instruments), self._words.symbols, self._words.firm)

    def _upto(self, commands: Commands) -> int:
        """How many commands may go before one that names an order whose number is not known yet."""
        if not self._renaming and not _keeps_id(commands).any():
            return len(commands)
        now_s = time.monotonic()
        for order in [order for order, (_, until_s) in self._renaming.items() if until_s < now_s]:
            del self._renaming[order]
        waits = set(self._renaming)
        keeps = _keeps_id(commands).tolist()
        for row, (target, keeps_id) in enumerate(zip(commands["target"].tolist(), keeps, strict=True)):
            if target in waits:
                return row
            if keeps_id:
                waits.add(target)
        return len(commands)

    def _number(self, command: np.void) -> tuple[int, int]:
        """The UserRefNum that a command gets, and that of the order it names; 0: none, so that it cannot be said."""
        kind, order, target = int(command["kind"]), int(command["order"]), int(command["target"])
        named = 0
        if kind in NAMING:
            named = self._numbers.get(target, 0) if self._homes.get(target) == command["instrument"] else 0
            if not named or kind == CommandKind.CANCEL:
                return 0, named
        keeps = kind == CommandKind.REPLACE and order == target
        if kind != CommandKind.MASS_CANCEL and not (order and (keeps or order not in self._words.used)):
            return 0, named
        own = self._enter(command, order, target if kind == CommandKind.REPLACE else 0)
        if keeps:
            self._renaming[order] = own, time.monotonic() + RENAME_S
        elif kind != CommandKind.MASS_CANCEL:
            self._words.used.add(order)
            self._numbers[order], self._homes[order] = own, int(command["instrument"])
        return own, named

    def _enter(self, command: np.void, order: int, target: int) -> int:
        self._last += 1
        if self._last == len(self.asked):
            self.asked = np.concatenate((self.asked, np.zeros(len(self.asked), ASKED)))
        self.asked[self._last] = order, target, command["number"], command["instrument"], self.account
        return self._last


def _keeps_id(commands: Commands) -> npt.NDArray[np.bool_]:
    keeps: npt.NDArray[np.bool_] = (commands["kind"] == CommandKind.REPLACE) & (commands["order"] == commands["target"])
    return keeps
