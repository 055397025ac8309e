"""The matching rules once more, as a book that is one sorted list a side: what commands must lead to.

Price-time priority is the sort order of the list and nothing else. An entry is (rank of the price, -ticket, order): a better
price ranks higher and so does an earlier ticket, so the last entry is the one that trades next. Joining the back of a queue is
taking a new ticket; keeping one's place is keeping it.

Assumes one known order of all commands, the continuous phase, and that nothing happens without a command. It is NOT good for
stop orders, halts, phases, expiry (GTD is taken as GTC), risk limits, accounts that must be known, or speed.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from harness.base.bits import BookRows, book_rows
from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.reasons import Reason
from harness.base.records import NONE, Command, CommandKind, Event, EventKind, Flag, OrderType, Role, Side, TimeInForce
from harness.oracle.refusals import KNOWN, Refusals, reaches

_POST_ONLY = int(Flag.POST_ONLY)


@dataclass(slots=True)
class Order:
    """An order, live from `accepted` until nothing of it is open."""

    id: int
    account: int
    instrument: int
    side: int
    price: int
    """NONE for a market order."""
    open: int
    post_only: bool
    ticket: int = 0
    """Its turn among the orders of its price; 0 while it does not rest."""
    traded: int = 0
    """Since it first entered, under whatever id."""


Entry = tuple[int, int, Order]


class Model:
    """The books of all instruments."""

    def __init__(
        self, instruments: Iterable[Instrument], conventions: Conventions, capabilities: Capabilities = KNOWN
    ) -> None:
        listed = tuple(instruments)
        self._refusals = Refusals(listed, conventions, capabilities)
        self._conventions = conventions
        self._sides: dict[tuple[int, int], list[Entry]] = {
            (instrument.id, int(side)): [] for instrument in listed for side in (Side.BUY, Side.SELL)
        }
        self._resting: dict[int, Order] = {}
        self._events: list[Event] = []
        self._tickets = self._matches = self._told = 0

    def apply(self, command: Command) -> list[Event]:
        """The events that must answer the command, in order; a field that the rules leave open is absent."""
        self._events = []
        reason = next(self._refusals.of(command, self), None)
        if reason is not None:
            self._reject(command, reason)
        elif command.kind == CommandKind.NEW:
            self._new(command)
        elif command.kind == CommandKind.CANCEL:
            order = self._resting[command.target]
            lost = order.open if command.qty == NONE else min(command.qty, order.open)
            self._lose(command, order, lost, Reason.USER)
        elif command.kind == CommandKind.REPLACE:
            self._replace(command, self._resting[command.target])
        else:
            self._mass_cancel(command)
        return self._events

    def book(self) -> BookRows:
        """All resting orders in digest order."""
        rows: list[tuple[int, int, int, int, int, int]] = []
        for (instrument, side), entries in self._sides.items():
            in_order = (order for _, _, order in reversed(entries))
            for price, queue in groupby(in_order, key=lambda order: order.price):
                rows += [(instrument, side, price, place, order.id, order.open) for place, order in enumerate(queue)]
        return book_rows(rows)

    def find(self, order: int) -> Order | None:
        """The resting order with this id."""
        return self._resting.get(order)

    def best(self, instrument: int, side: int) -> int | None:
        """The best price of a side; None where nothing rests."""
        entries = self._sides.get((instrument, side))
        return entries[-1][2].price if entries else None

    # What each kind of command does once nothing speaks against it.

    def _new(self, command: Command) -> None:
        price = command.price if command.type == OrderType.LIMIT else NONE
        post_only = bool(command.flags & _POST_ONLY)
        order = Order(
            command.order, command.account, command.instrument, command.side, price, command.qty, post_only=post_only
        )
        self._tell(command, EventKind.ACCEPTED, order, price=price, qty=order.open)
        self._enter(command, order, command.tif)

    def _replace(self, command: Command, order: Order) -> None:
        total = self._conventions.replace_quantity == "total"
        left = command.qty - order.traded if total else command.qty
        down = command.price == order.price and left < order.open
        target = order.id
        if down and self._conventions.replace_keeps_place == "quantity_down":
            del self._resting[order.id]
            self._resting[command.order] = order
        else:
            self._leave(order)
        order.id, order.price, order.open = command.order, command.price, left
        self._tell(command, EventKind.REPLACED, order, order=target, new_order=order.id, price=order.price, qty=left)
        if not order.ticket:
            self._enter(command, order, TimeInForce.GTC)

    def _mass_cancel(self, command: Command) -> None:
        chosen = [
            order
            for order in self._resting.values()
            if command.account in (0, order.account)
            and command.instrument in (0, order.instrument)
            and command.side in (Side.NONE, order.side)
        ]
        for order in chosen:
            self._lose(command, order, order.open, Reason.MASS_CANCEL)
        self._say(command, kind=EventKind.DONE, qty=len(chosen))

    # Matching.

    def _enter(self, command: Command, order: Order, tif: int) -> None:
        """Match an order that does not rest, then let what is left of it rest or go."""
        if tif == TimeInForce.FOK and not self._fills_whole(order):
            self._lose(command, order, order.open, Reason.FOK_NOT_FILLABLE)
            return
        opposite = self._sides[order.instrument, 1 - order.side]
        while order.open and opposite and reaches(order.side, order.price, opposite[-1][2].price):
            maker = opposite[-1][2]
            if self._own(order, maker):
                self._prevent(command, order, maker)
            else:
                self._trade(command, order, maker)
        if not order.open:
            return
        if order.price == NONE:
            self._lose(command, order, order.open, Reason.MARKET_REMAINDER)
        elif tif == TimeInForce.IOC:
            self._lose(command, order, order.open, Reason.IOC_REMAINDER)
        else:
            self._rest(order)
            self._tell(command, EventKind.RESTED, order, price=order.price)

    def _trade(self, command: Command, order: Order, maker: Order) -> None:
        quantity = min(order.open, maker.open)
        for party in (order, maker):
            party.open -= quantity
            party.traded += quantity
        if not maker.open:
            self._leave(maker)
        self._matches += 1
        self._tell(
            command, EventKind.TRADE, order,
            maker=maker.id, match=self._matches, price=maker.price, qty=quantity, role=Role.BOTH,
        )  # fmt: skip

    def _prevent(self, command: Command, order: Order, maker: Order) -> None:
        """Take from an incoming order and a resting one of the same account what the mode says."""
        mode = self._conventions.self_trade
        lesser = min(order.open, maker.open)
        if mode == "decrement":
            self._lose(command, maker, lesser, Reason.SELF_TRADE)
            self._lose(command, order, lesser, Reason.SELF_TRADE)
        if mode in ("cancel_oldest", "cancel_both"):
            self._lose(command, maker, maker.open, Reason.SELF_TRADE)
        if mode in ("cancel_newest", "cancel_both"):
            self._lose(command, order, order.open, Reason.SELF_TRADE)

    def _fills_whole(self, order: Order) -> bool:
        """Whether the orders that it may trade with, walked in matching order, are enough for all of it."""
        available = 0
        for _, _, maker in reversed(self._sides[order.instrument, 1 - order.side]):
            if available >= order.open or not reaches(order.side, order.price, maker.price):
                break
            if not self._own(order, maker):
                available += maker.open
            elif self._conventions.self_trade != "cancel_oldest":
                break
        return available >= order.open

    def _own(self, order: Order, maker: Order) -> bool:
        """Whether self-trade prevention keeps the two from trading."""
        return self._conventions.self_trade != "none" and order.account != 0 and order.account == maker.account

    # The book.

    def _rest(self, order: Order) -> None:
        self._tickets += 1
        order.ticket = self._tickets
        insort(self._sides[order.instrument, order.side], _entry(order))
        self._resting[order.id] = order

    def _leave(self, order: Order) -> None:
        entries = self._sides[order.instrument, order.side]
        del entries[bisect_left(entries, _entry(order))]
        del self._resting[order.id]
        order.ticket = 0

    def _lose(self, command: Command, order: Order, quantity: int, reason: Reason) -> None:
        """Cancel a quantity of an order, resting or not."""
        order.open -= quantity
        if order.ticket and not order.open:
            self._leave(order)
        self._tell(command, EventKind.CANCELED, order, qty=quantity, reason=reason)

    # Telling.

    def _reject(self, command: Command, reason: Reason) -> None:
        """Refuse it. The event names the target of a cancel or replace; where the kind itself is refused it names no order."""
        kind, order = EventKind.REJECTED, command.order
        if command.kind not in self._refusals.kinds:
            order = 0
        elif command.kind != CommandKind.NEW:
            kind = EventKind.CANCEL_REJECTED if command.kind == CommandKind.CANCEL else EventKind.REPLACE_REJECTED
            order = command.target
        self._say(command, kind=kind, order=order, reason=reason)

    def _tell(
        self, command: Command, kind: EventKind, about: Order, *, order: int = 0, new_order: int = 0, maker: int = 0,
        match: int = 0, price: int = NONE, qty: int = NONE, reason: int = 0, role: int = 0,
    ) -> None:  # fmt: skip
        """An event about an order, with what is open of it now."""
        self._told += 1
        self._events.append(Event(
            command=command.number, kind=kind, order=order or about.id, new_order=new_order, maker=maker, match=match,
            price=price, qty=qty, remaining=about.open, reason=reason, role=role, engine_seq=self._told,
            instrument=about.instrument, account=about.account, session=command.session, side=about.side,
        ))  # fmt: skip

    def _say(self, command: Command, **fields: int) -> None:
        """An event about no order that the model holds."""
        self._told += 1
        self._events.append(Event(
            command=command.number, engine_seq=self._told, session=command.session, instrument=command.instrument,
            account=command.account, **fields,
        ))  # fmt: skip


def _entry(order: Order) -> Entry:
    return (order.price if order.side == Side.BUY else -order.price, -order.ticket, order)
