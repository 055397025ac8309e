"""One account's OUCH session: what its numbers stand for, what is under way on it, and nothing of the market.

UserRefNum and order id are translated both ways. An order id stands for one order: one that was used before is not said again, since OUCH
gives every order a number of its own, and the engine could not see that two orders have one id. A replace that keeps the id gives its order
another number; until that is answered, which of the two the id means is not known, and a command that names it waits.

Where a connection breaks, nobody knows how much of what is under way the engine took. What it took it tells, so once nothing more comes, all
that has no answer is sent again: OUCH ignores a number that was taken, and a cancel means the same however often it comes.
"""

from __future__ import annotations

import time
from collections import deque
from typing import NamedTuple

import numpy as np

from engines.adapters._soup_client import Received, SoupClient
from harness.base.errors import EngineDiedError, MisspokeError
from harness.base.records import Channel, CommandKind, Events, Int64Array
from harness.wire import ouch
from harness.wire.ouch_replies import to_events
from harness.wire.ouch_symbols import Symbols
from harness.wire.ouch_terms import ASKED

ROOM = 1 << 10
REPLACED, REJECTED = ord("U"), ord("J")
RENAME_S = 2.0
"""How long the answer to a replace that keeps the id is waited for: an order that is gone may get none."""
DOUBT_S = 0.25
"""How long no answer comes, after a connection was made anew, until all that the engine took of the one before must be told."""
UNDER_WAY_MOST = 1 << 18
"""Requests without an answer that are kept, to be sent again; an engine that tells no answers would have all of them kept."""
NAMING = (CommandKind.CANCEL, CommandKind.REPLACE)


class Words(NamedTuple):
    """What all sessions of a client share."""

    symbols: Symbols
    firm: int
    used: set[int]
    """The order ids that were ever said."""


class Named(NamedTuple):
    """The fields of a command by which it gets its numbers."""

    kind: int
    order: int
    target: int
    number: int
    instrument: int


class Heard(NamedTuple):
    """What came on a session."""

    events: Events
    failure: EngineDiedError | None
    """Why nothing more can be heard, behind these."""


class OuchPort:
    """Kept from its first command on."""

    def __init__(self, number: int, account: int, client: SoupClient, words: Words) -> None:
        self.number, self.account, self.client = number, account, client
        self._words = words
        self.said = self.answered = self.said_again = 0
        """Commands sent, how many of them are answered, and requests that were sent a second time."""
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
        self._under_way: deque[bytes] = deque(maxlen=UNDER_WAY_MOST)
        """What was sent and is not answered, oldest first."""
        self._doubt_s = 0.0
        """When its connection was made anew, or the last answer came since; 0: there is no doubt about what was taken."""

    @property
    def may_say(self) -> bool:
        """Whether more may be sent: the socket has all that was, and it is known what the engine took."""
        return not self._doubt_s and self.client.is_clear

    def say(self, packets: list[bytes]) -> None:
        """Send a request each."""
        self.said += len(packets)
        self.said_s = time.monotonic()
        self._under_way.extend(packets)
        self.client.send(b"".join(packets))

    def is_answered(self, count: int) -> None:
        """So many more are; a session's answers come in its order."""
        self.answered += count
        if self._doubt_s and count:
            self._doubt_s = time.monotonic()
        for _ in range(min(count, len(self._under_way))):
            self._under_way.popleft()

    def is_silent(self) -> None:
        """What has no answer by now will get none."""
        self.answered = self.said
        self._under_way.clear()

    def was_cut(self) -> None:
        """Its connection is a new one."""
        self._doubt_s = time.monotonic() if self._under_way else 0.0

    def clear_up(self) -> None:
        """Send again what has no answer, if there is doubt and none came for long enough."""
        if self._doubt_s and time.monotonic() - self._doubt_s > DOUBT_S:
            self._doubt_s = 0.0
            self.said_again += len(self._under_way)
            self.client.send(b"".join(self._under_way))

    def hear(self, received: Received) -> Heard:
        """The events that came on this session."""
        decoded = ouch.decode_replies(received.stream, received.packets)
        if not decoded.defects.any():
            return Heard(self._events(decoded), received.failure)
        wrong = int(np.flatnonzero(decoded.defects)[0])
        before = ouch.decode_replies(received.stream, received.packets[:wrong])
        _, start, end = received.packets[wrong].tolist()
        failure = (
            f"session {self.number}: the engine sent a message that is none of OUCH 5.0: {received.stream[start:end]!r}"
        )
        return Heard(self._events(before), MisspokeError(failure))

    def _events(self, decoded: ouch.Decoded) -> Events:
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

    def holds(self, order: int) -> bool:
        """Whether it is not known yet which number the id means."""
        if order not in self._renaming:
            return False
        if self._renaming[order][1] < time.monotonic():
            del self._renaming[order]
        return order in self._renaming

    def number_of(self, command: Named) -> tuple[int, int]:
        """The UserRefNum that a command gets, and that of the order it names; 0: none, so that it cannot be said."""
        kind, order, target = command.kind, command.order, command.target
        named = 0
        if kind in NAMING:
            named = self._numbers.get(target, 0) if self._homes.get(target) == command.instrument else 0
            if not named or kind == CommandKind.CANCEL:
                return 0, named
        keeps = kind == CommandKind.REPLACE and order == target
        if kind != CommandKind.MASS_CANCEL and not (order and (keeps or order not in self._words.used)):
            return 0, named
        own = self._enter(command, target if kind == CommandKind.REPLACE else 0)
        if keeps:
            self._renaming[order] = own, time.monotonic() + RENAME_S
        elif kind != CommandKind.MASS_CANCEL:
            self._words.used.add(order)
            self._numbers[order], self._homes[order] = own, command.instrument
        return own, named

    def _enter(self, command: Named, target: int) -> int:
        self._last += 1
        if self._last == len(self.asked):
            self.asked = np.concatenate((self.asked, np.zeros(len(self.asked), ASKED)))
        self.asked[self._last] = command.order, target, command.number, command.instrument, self.account
        return self._last
