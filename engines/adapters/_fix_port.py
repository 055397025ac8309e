"""One account's FIX session: what its ClOrdIDs stand for, and nothing of the market.

Order ids and ClOrdIDs are translated both ways: a ClOrdID is new with every request, as FIX wants it, and is this client's mark and the request's number.
An order id stands for one order: one that was used before is not said again, since the engine could not see that two orders have one id. A
command that names an order whose replace is not answered yet waits, since FIX names by the last ClOrdID that was accepted.
"""

from __future__ import annotations

import time
from typing import NamedTuple

import numpy as np

from engines.adapters._connections import Heard
from engines.adapters._fix_client import FixClient, Received
from harness.base.errors import EngineDiedError
from harness.base.reasons import Reason
from harness.base.records import (  # fmt: skip
    EVENT,
    Channel,
    Command,
    CommandKind,
    Commands,
    Event,
    EventKind,
    Role,
    Side,
    command_rows,
    events_of,
)
from harness.wire.fix import Message
from harness.wire.fix_reports import Heard as Report
from harness.wire.fix_reports import read_report
from harness.wire.fix_requests import Listing, Named, to_request
from harness.wire.fix_tags import Kind, Tag
from harness.wire.fix_times import timestamp

ROOM = 1 << 10
PENDING_S = 2.0
"""How long the answer to a replace is waited for before its order is named again."""
NAMING = (CommandKind.NEW, CommandKind.REPLACE)
"""What gives an order an id."""
ASKED = np.dtype([("order", "<u8")])
NO_ONE = Named("", "", Side.NONE, 0, 0)
REJECTIONS = {
    CommandKind.CANCEL: EventKind.CANCEL_REJECTED,
    CommandKind.REPLACE: EventKind.REPLACE_REJECTED,
}
"""What a refused request is told as; all others are `rejected`."""


class Said(NamedTuple):
    """A request, by its number."""

    order: int
    """The order that it is about: of a replace its new id."""
    target: int
    command: int
    instrument: int
    kind: int
    side: int
    type: int
    qty: int


class Words(NamedTuple):
    """What all sessions of a client share."""

    listing: Listing
    mark: str
    """The beginning of every ClOrdID."""
    used: set[int]
    """The order ids that were ever said."""


class FixPort:
    """Kept from its first command on."""

    def __init__(self, number: int, account: int, client: FixClient, words: Words) -> None:
        self.number, self.account, self.client = number, account, client
        self.said = self.answered = 0
        """Requests sent, and how many of them are answered."""
        self.asked = np.zeros(ROOM, ASKED)
        """The order of each request by its number; row 0 stands for none. A drop copy names orders so."""
        self._words = words
        self._requests: list[Said] = []
        self._last: dict[tuple[int, int], int] = {}
        """Order id and instrument -> the number of the request that was accepted last for it."""
        self._pending: dict[int, tuple[int, float]] = {}
        """Order id -> the number of the replace that is not answered, and until when that is waited for."""

    def say(self, commands: Commands) -> tuple[int, list[int]]:
        """Send as many of the commands as may go now: how many, and the numbers of those that cannot be said."""
        unsaid: list[int] = []
        rows = command_rows(commands)
        at = timestamp(time.time_ns())
        for row, command in enumerate(rows):
            if not self.client.is_clear or self._must_wait(command):
                self.client.flush()
                return row, unsaid
            if not self._say(command, at):
                unsaid.append(command.number)
        self.client.flush()
        return len(rows), unsaid

    def hear(self, received: Received) -> Heard:
        """The events that came on this session."""
        events: list[Event] = []
        failure = received.failure
        for message in received.messages:
            if message.kind == Kind.REJECT:
                # Of its session; what its application refuses is an answer.
                why = message.get(Tag.TEXT) or message.get(Tag.SESSION_REJECT_REASON)
                failure = EngineDiedError(f"session {self.number}: the engine refuses a message: {why}")
                break
            heard = self._refused(message) or read_report(message, self._words.listing)
            number = self._number(heard.own) if heard else 0
            if heard and number:
                events.append(self._event(heard, number))
        return Heard(events_of(events) if events else np.zeros(0, EVENT), failure)

    def settle(self, number: int, *, taken: bool) -> None:
        """A replace is answered: from here on its ids name one order each again."""
        said = self._requests[number - 1] if 0 < number <= self.said else None
        if said is None or self._pending.get(said.order, (0, 0.0))[0] != number:
            return
        self._pending.pop(said.order, None)
        self._pending.pop(said.target, None)
        if taken:
            self._last[said.order, said.instrument] = number

    def _must_wait(self, command: Command) -> bool:
        if command.target not in self._pending:
            return False
        if time.monotonic() < self._pending[command.target][1]:
            return True
        del self._pending[command.target]
        return False

    def _say(self, command: Command, at: str) -> bool:
        kind = command.kind
        named = self._last.get((command.target, command.instrument), 0) if kind in REJECTIONS else 0
        keeps = kind == CommandKind.REPLACE and command.order == command.target
        if kind in NAMING and not (command.order and (keeps or command.order not in self._words.used)):
            return False
        before = self._requests[named - 1] if named else None
        number = self.said + 1
        own = NO_ONE._replace(own=self._text(number))
        if before:
            own = own._replace(target=self._text(named), side=before.side, type=before.type, qty=before.qty)
        request = to_request(command, own, self._words.listing, at)
        if request is None:
            return False
        self._enter(command, number, before)
        self.client.send(*request)
        return True

    def _enter(self, command: Command, number: int, before: Said | None) -> None:
        order = command.target if command.kind == CommandKind.CANCEL else command.order
        side, order_type = (before.side, before.type) if before else (command.side, command.type)
        said = Said(
            order, command.target, command.number, command.instrument, command.kind, side, order_type, command.qty
        )
        self._requests.append(said)
        self.said = number
        if number == len(self.asked):
            self.asked = np.concatenate((self.asked, np.zeros(len(self.asked), ASKED)))
        self.asked[number] = order
        if command.kind not in NAMING:
            return
        self._words.used.add(order)
        if command.kind == CommandKind.REPLACE:
            self._pending[order] = self._pending[command.target] = number, time.monotonic() + PENDING_S
        else:
            self._last[order, command.instrument] = number

    def _event(self, heard: Report, number: int) -> Event:
        said, event = self._requests[number - 1], heard.event
        event = event._replace(session=self.number, account=self.account, channel=Channel.ORDER, order=said.order)
        match event.kind:
            case EventKind.TRADE if event.role == Role.MAKER:
                # What it says of an account and of what remains is the taker's.
                return event._replace(order=0, maker=said.order, account=0)
            case EventKind.TRADE | EventKind.EXPIRED:
                return event
            case EventKind.CANCELED if said.kind != CommandKind.CANCEL:
                return event._replace(reason=Reason.OTHER)
            case EventKind.CANCELED:
                event = event._replace(reason=Reason.USER)
            case EventKind.REPLACED | EventKind.REPLACE_REJECTED:
                event = event._replace(order=said.target, new_order=said.order)
                self.settle(number, taken=event.kind == EventKind.REPLACED)
        self.answered += 1
        return event._replace(command=said.command)

    def _refused(self, message: Message) -> Report | None:
        """A request that the engine's application does not understand."""
        if message.kind != Kind.BUSINESS_MESSAGE_REJECT:
            return None
        own = message.get(Tag.BUSINESS_REJECT_REF_ID) or ""
        number = self._number(own)
        kind = REJECTIONS.get(CommandKind(self._requests[number - 1].kind), EventKind.REJECTED) if number else EventKind.REJECTED  # fmt: skip
        return Report(Event(kind=kind, reason=Reason.OTHER), own, "")

    def _text(self, number: int) -> str:
        return f"{self._words.mark}{number}"

    def _number(self, text: str) -> int:
        """The request of a ClOrdID; 0: it is none of this client's."""
        digits = text.removeprefix(self._words.mark)
        number = int(digits) if text.startswith(self._words.mark) and digits.isascii() and digits.isdigit() else 0
        return number if number <= self.said else 0
