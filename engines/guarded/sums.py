"""The sums that the controls look at: they follow what the engine told, and know nothing of why it did so."""

from __future__ import annotations

from engines.guarded.holders import OpenOrder
from engines.guarded.state import StageState
from harness.base.controls import LimitCode
from harness.base.records import NONE, Command, Event, EventKind, OrderType


class Sums(StageState):
    """Open orders, positions, value and cash, after each event."""

    def follow(self, event: Event, command: Command) -> None:
        """Count what one event of the command changed."""
        match event.kind:
            case EventKind.ACCEPTED:
                self.on_accepted(event, command)
            case EventKind.TRADE:
                self.on_trade(event)
            case EventKind.CANCELED:
                self.take_from(event.order, event.qty)
            case EventKind.REPLACED:
                self.on_replaced(event)

    def on_accepted(self, event: Event, new: Command) -> None:
        """What is valued is valued for good, until it is replaced."""
        price = self.valued_price(new)
        order = OpenOrder(event.account, event.instrument, event.side, price, event.qty)
        self.orders[event.order] = order
        self.reserve(order, order.qty)

    def on_trade(self, event: Event) -> None:
        """Both sides count, each for its own account."""
        self.last_trade[event.instrument] = event.price
        self.count_taken(self.orders[event.order])
        self.count_print(event)
        for order_id in (event.order, event.maker):
            order = self.orders[order_id]
            self.take_from(order_id, event.qty)
            self.count_traded(order, event.price, event.qty)

    def on_replaced(self, event: Event) -> None:
        order = self.orders.pop(event.order)
        self.release(order, order.qty)
        order.price, order.qty = event.price, event.remaining
        self.orders[event.new_order] = order
        self.reserve(order, order.qty)

    def take_from(self, order_id: int, qty: int) -> None:
        """So much of an order is open no longer."""
        order = self.orders[order_id]
        order.qty -= qty
        if not order.qty:
            del self.orders[order_id]
        self.release(order, qty)

    def reserve(self, order: OpenOrder, qty: int) -> None:
        for holder in self.holders(order.account):
            holder.add_open(order, qty)

    def release(self, order: OpenOrder, qty: int) -> None:
        for holder in self.holders(order.account):
            holder.add_open(order, -qty)

    def count_traded(self, order: OpenOrder, price: int, qty: int) -> None:
        for holder in self.holders(order.account):
            holder.add_traded(order, price, qty)

    def count_taken(self, taker: OpenOrder) -> None:
        """Repeated execution: each trade of a taker counts, by instrument and side."""
        account = self.accounts.get(taker.account)
        if account is not None and account.limits[LimitCode.REPEATS]:
            account.repeats.add(self.stamp_ns, (taker.instrument, taker.side))

    def count_print(self, trade: Event) -> None:
        """What the breakers look at, while there are any."""
        instrument = self.watched[trade.instrument]
        if instrument.limits[LimitCode.BREAKER_TICKS]:
            instrument.prices.add(self.stamp_ns, trade.price)
        if instrument.limits[LimitCode.VOLUME_MAX]:
            instrument.volume.add(self.stamp_ns, trade.instrument, trade.qty)

    def valued_price(self, new: Command) -> int:
        """The limit where there is one, the stop price of a stop, for a market order the reference price, or 0."""
        match new.type:
            case OrderType.MARKET:
                declared = self.engine.instruments[new.instrument].risk.reference_price
                price = self.last_trade.get(new.instrument, declared)
                return 0 if price == NONE else price
            case OrderType.STOP:
                return new.stop
            case _:
                return new.price
