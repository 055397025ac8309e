"""One account's OUCH session: what its numbers stand for, what is under way on it, and nothing of the market.

UserRefNum and order id are translated both ways (`_ouch_ids.py`). An order id that was used before is not said again, since OUCH gives every
order a number of its own, and the engine could not see that two orders have one id.

Where a connection breaks, nobody knows how much of what is under way the engine took. What it took it tells, so once nothing more comes, all
that has no answer is sent again: OUCH ignores a number that was taken, and a cancel means the same however often it comes.
"""

from __future__ import annotations

import time
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engines.adapters._connections import Heard
from engines.adapters._ouch_ids import Ids
from engines.adapters._ouch_under_way import UnderWay
from engines.adapters._soup_client import Received, SoupClient
from harness.base.errors import MisspokeError
from harness.base.records import Channel, CommandKind, Commands, Events, Int64Array
from harness.wire import ouch
from harness.wire.dispatch import Packets
from harness.wire.ouch_replies import to_events
from harness.wire.ouch_symbols import Symbols
from harness.wire.ouch_terms import ASKED

ROOM = 1 << 10
ACCEPTED, REPLACED, REJECTED, EXECUTED, CANCELED = (ord(letter) for letter in "AUJEC")
DIED = ord("D")
"""The state of an order that was accepted and is dead at once."""
DOUBT_S = 0.25
"""How long no answer comes, after a connection was made anew, until all that the engine took of the one before must be told."""
UNDER_WAY_MOST = 1 << 18
"""Requests without an answer that are kept, to be sent again; an engine that tells no answers would have all of them kept."""


class Words(NamedTuple):
    """What all sessions of a client share."""

    symbols: Symbols
    firm: int
    ids: Ids


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
        self.last = 0
        """The UserRefNum that was given last."""
        self._left = np.zeros(ROOM, np.int64)
        """By UserRefNum: what is left of the order, as far as it was told."""
        self._replaces: dict[int, int] = {}
        """Of each replace that has no answer yet, the number that the order would get -> the one that it has; a later one behind an earlier."""
        self._under_way = UnderWay(UNDER_WAY_MOST)
        self._doubt_s = 0.0
        """When its connection was made anew, or the last answer came since; 0: there is no doubt about what was taken."""

    @property
    def may_say(self) -> bool:
        """Whether more may be sent: the socket has all that was due, and it is known what the engine took."""
        return not self._doubt_s and self.client.is_clear

    def takes(self, packets: Packets) -> bool:
        """Whether these may be sent now, or wait until they are due."""
        return self.may_say and self.client.has_room(packets)

    def say(self, packets: Packets) -> None:
        """Send requests, at once or when each is due."""
        self.said += len(packets.ends)
        self.said_s = time.monotonic()
        self._under_way.add(packets.raw, packets.ends, packets.numbers)
        self.client.send_packets(packets)

    def is_answered(self, count: int) -> None:
        """So many more are; a session's answers come in its order."""
        self.answered += count
        if self._doubt_s and count:
            self._doubt_s = time.monotonic()
        self._under_way.drop(count)

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
            self.client.send(self._under_way.raw(), self._under_way.numbers())

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
        rows: Int64Array = np.where((numbers > 0) & (numbers <= self.last), numbers, -1)
        letters = decoded.records["type"]
        answers = np.flatnonzero((rows >= 0) & ((letters == REPLACED) | (letters == REJECTED)))
        self._settle(numbers[answers], letters[answers] == REPLACED)
        self._follow(decoded.records[rows >= 0])
        events = to_events(decoded.records, self.asked, rows, self._words.symbols).events
        events["channel"], events["session"] = Channel.ORDER, self.number
        return events

    def settle(self, number: int, *, taken: bool) -> None:
        """A replace is answered: from here on the id means one order again."""
        if number <= self.last:
            self._settle(np.array([number], np.int64), np.array([taken], np.bool_))

    def enter(self, commands: Commands, numbers: Int64Array, originals: Int64Array) -> None:
        """What these numbers stand for, the next that are given; of a replace, the number that it names."""
        self.last += len(numbers)
        if self.last >= len(self.asked):
            self.asked = np.concatenate((self.asked, np.zeros(self.last, ASKED)))
            self._left = np.concatenate((self._left, np.zeros(self.last, np.int64)))
        is_replace = commands["kind"] == CommandKind.REPLACE
        self.asked["order"][numbers], self.asked["command"][numbers] = commands["order"], commands["number"]
        self.asked["target"][numbers] = np.where(is_replace, commands["target"], 0)
        self.asked["instrument"][numbers], self.asked["account"][numbers] = commands["instrument"], self.account
        self._left[numbers] = commands["qty"]
        if is_replace.any():
            self._replaces.update(zip(numbers[is_replace].tolist(), originals[is_replace].tolist(), strict=True))
            self._give_up()

    def _follow(self, replies: ouch.Records) -> None:
        """Keep what is left of each order."""
        letters, numbers = replies["type"], replies["user_ref_num"].astype(np.int64)
        replaced = letters == REPLACED
        self._left[numbers[replaced]] = replies["quantity"][replaced]
        # An order is replaced before anything else is told under its new number.
        less = (letters == EXECUTED) | (letters == CANCELED)
        np.subtract.at(self._left, numbers[less], replies["quantity"][less].astype(np.int64))
        gone = (letters == REJECTED) | ((letters == ACCEPTED) & (replies["order_state"] == DIED))
        self._left[numbers[gone]] = 0
        if self._replaces:
            self._give_up()

    def _give_up(self) -> None:
        """A venue does not answer the replace of an order that is gone; that it is gone its session is told. Nor does what it would have made live."""
        gone = []
        for number, original in self._replaces.items():
            if self._left[original] <= 0:
                self._left[number] = 0
                gone.append(number)
        if gone:
            self._settle(np.array(gone, np.int64), np.zeros(len(gone), np.bool_))

    def _settle(self, numbers: Int64Array, taken: npt.NDArray[np.bool_]) -> None:
        for number in numbers.tolist() if self._replaces else ():
            self._replaces.pop(number, None)
        if len(numbers):
            self._words.ids.settle(self.number, self.asked["order"][numbers], numbers, taken)
