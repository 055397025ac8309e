"""The matching rules once more, plain and slow: what commands must lead to.

A side of the book is one sorted list (`orders`), the stops that wait are others (`stops`), and which commands are refused is for
`refusals` to say. What is here is what happens to an order once it is taken.

Assumes one known order of all commands, the continuous phase, and that nothing happens without a command. It is NOT good for
halts, phases, expiry (GTD is taken as GTC), or speed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from operator import attrgetter

from harness.base.bits import BookRows, book_rows
from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.reasons import Reason
from harness.base.records import NONE, Command, CommandKind, Event, EventKind, Flag, OrderType, Role, Side, TimeInForce
from harness.oracle.orders import Order, Row, Turns
from harness.oracle.refusals import KNOWN, Refusals, reaches
from harness.oracle.stops import Stops

_POST_ONLY = int(Flag.POST_ONLY)
_STOPS = (OrderType.STOP, OrderType.STOP_LIMIT)
_PRICED = (OrderType.LIMIT, OrderType.STOP_LIMIT)


class Model:
    """The books of all instruments."""

    def __init__(
        self, instruments: Iterable[Instrument], conventions: Conventions, capabilities: Capabilities = KNOWN
    ) -> None:
        listed = tuple(instruments)
        self._refusals = Refusals(listed, conventions, capabilities)
        self._conventions = conventions
        self._looks_at_fills = conventions.stop_evaluation == "fill"
        self._instruments = [instrument.id for instrument in listed]
        self._sides: dict[tuple[int, int], Turns] = {}
        for instrument in self._instruments:
            self._sides[instrument, Side.BUY] = Turns(attrgetter("price"))
            self._sides[instrument, Side.SELL] = Turns(lambda order: -order.price)
        self._stops = Stops(self._instruments, conventions.stop_order)
        self._triggered: deque[Order] = deque()
        """Taken out of the waiting stops, and not carried out yet."""
        self._live: dict[int, Order] = {}
        """All that rests or waits, by id."""
        self._last: dict[int, int] = {}
        """The price of each instrument's last trade."""
        self._events: list[Event] = []
        self._tickets = self._matches = self._told = 0

    def apply(self, command: Command) -> list[Event]:
        """The events that must answer the command, in order; a field that the rules leave open is absent."""
        self._events = []
        reason = next(self._refusals.of(command, self), None)
        if reason is not None:
            self._reject(command, reason)
        elif command.kind == CommandKind.MASS_CANCEL:
            self._mass_cancel(command)
            for instrument in self._instruments:
                self._cascade(command, instrument)
        else:
            if command.kind == CommandKind.NEW:
                self._new(command)
            elif command.kind == CommandKind.CANCEL:
                order = self._live[command.target]
                lost = order.open if command.qty == NONE else min(command.qty, order.open)
                self._lose(command, order, lost, Reason.USER)
            else:
                self._replace(command, self._live[command.target])
            self._cascade(command, command.instrument)
        return self._events

    def book(self) -> BookRows:
        """All resting orders and waiting stops in digest order."""
        rows: list[Row] = list(self._stops.rows())
        for (instrument, side), turns in self._sides.items():
            rows += turns.rows(instrument, side, attrgetter("price"))
        return book_rows(rows)

    def find(self, order: int) -> Order | None:
        """The live order with this id."""
        return self._live.get(order)

    def best(self, instrument: int, side: int) -> int | None:
        """The best price of a side; None where nothing rests."""
        turns = self._sides.get((instrument, side))
        order = turns.next() if turns else None
        return order.price if order else None

    def last_trade(self, instrument: int) -> int | None:
        """The price of the instrument's last trade; None before the first."""
        return self._last.get(instrument)

    # What each kind of command does once nothing speaks against it.

    def _new(self, command: Command) -> None:
        order = Order(
            command.order, command.account, command.instrument, command.side,
            command.price if command.type in _PRICED else NONE, command.qty, command.tif,
            post_only=bool(command.flags & _POST_ONLY), stop=command.stop,
        )  # fmt: skip
        self._tell(command, EventKind.ACCEPTED, order, price=order.price, qty=order.open)
        if command.type in _STOPS:
            self._stops.wait(order)
            self._live[order.id] = order
        elif command.min_qty != NONE and not self._may_trade(order, command.min_qty):
            self._lose(command, order, order.open, Reason.MIN_QTY_NOT_REACHED)
        else:
            self._enter(command, order)

    def _replace(self, command: Command, order: Order) -> None:
        total = self._conventions.replace_quantity == "total"
        left = command.qty - order.traded if total else command.qty
        down = command.price == order.price and left < order.open
        target = order.id
        if down and self._conventions.replace_keeps_place == "quantity_down":
            del self._live[order.id]
            self._live[command.order] = order
        else:
            self._leave(order)
        order.id, order.price, order.open = command.order, command.price, left
        self._tell(command, EventKind.REPLACED, order, order=target, new_order=order.id, price=order.price, qty=left)
        if not order.ticket:
            self._enter(command, order)

    def _mass_cancel(self, command: Command) -> None:
        chosen = [
            order
            for order in self._live.values()
            if command.account in (0, order.account)
            and command.instrument in (0, order.instrument)
            and command.side in (Side.NONE, order.side)
        ]
        for order in chosen:
            self._lose(command, order, order.open, Reason.MASS_CANCEL)
        self._say(command, kind=EventKind.DONE, qty=len(chosen))

    # Stops.

    def _cascade(self, command: Command, instrument: int) -> None:
        """The command's own order is done with: carry out what triggers, and what that triggers in turn."""
        self._look_at_stops(instrument)
        while self._triggered:
            order = self._triggered.popleft()
            self._tell(command, EventKind.TRIGGERED, order, price=order.stop, qty=order.open)
            self._enter(command, order)
            self._look_at_stops(instrument)

    def _look_at_stops(self, instrument: int) -> None:
        """All that trigger at this moment queue up behind those that triggered before."""
        if not self._stops.count:
            return
        for_buys = for_sells = self._last.get(instrument)
        if self._conventions.stop_trigger == "quote":
            for_buys, for_sells = self.best(instrument, Side.SELL), self.best(instrument, Side.BUY)
        for order in self._stops.set_off(instrument, for_buys, for_sells):
            order.ticket = 0
            del self._live[order.id]
            self._triggered.append(order)

    # Matching.

    def _enter(self, command: Command, order: Order) -> None:
        """Match an order that does not rest, then let what is left of it rest or go."""
        if order.tif == TimeInForce.FOK and not self._may_trade(order, order.open):
            self._lose(command, order, order.open, Reason.FOK_NOT_FILLABLE)
            return
        opposite = self._sides[order.instrument, 1 - order.side]
        while order.open and (maker := opposite.next()) and reaches(order.side, order.price, maker.price):
            if self._own(order, maker):
                self._prevent(command, order, maker)
            else:
                self._trade(command, order, maker)
        if not order.open:
            return
        if order.price == NONE:
            self._lose(command, order, order.open, Reason.MARKET_REMAINDER)
        elif order.tif == TimeInForce.IOC:
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
        self._last[order.instrument] = maker.price
        self._tell(
            command, EventKind.TRADE, order,
            maker=maker.id, match=self._matches, price=maker.price, qty=quantity, role=Role.BOTH,
        )  # fmt: skip
        if self._looks_at_fills:
            self._look_at_stops(order.instrument)

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

    def _may_trade(self, order: Order, wanted: int) -> bool:
        """Whether the orders that it may trade with, walked in matching order, are enough for so much of it."""
        available = 0
        for maker in self._sides[order.instrument, 1 - order.side].in_turn():
            if available >= wanted or not reaches(order.side, order.price, maker.price):
                break
            if not self._own(order, maker):
                available += maker.open
            elif self._conventions.self_trade != "cancel_oldest":
                break
        return available >= wanted

    def _own(self, order: Order, maker: Order) -> bool:
        """Whether self-trade prevention keeps the two from trading."""
        return self._conventions.self_trade != "none" and order.account != 0 and order.account == maker.account

    # The book.

    def _rest(self, order: Order) -> None:
        self._tickets += 1
        order.ticket = self._tickets
        self._sides[order.instrument, order.side].join(order)
        self._live[order.id] = order

    def _leave(self, order: Order) -> None:
        """Out of its queue, or out of the waiting stops."""
        if order.waits:
            self._stops.leave(order)
        else:
            self._sides[order.instrument, order.side].leave(order)
        del self._live[order.id]
        order.ticket = 0

    def _lose(self, command: Command, order: Order, quantity: int, reason: Reason) -> None:
        """Cancel a quantity of an order, whether it rests, waits or is being matched."""
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
