"""Stops: what triggers them, when that is looked at, in which order, and what follows.

One method a rule, numbered as in `docs/matching-rules.md`.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter

from engines.plain.book import Order
from engines.plain.matching import Matching
from harness.base.reasons import Reason
from harness.base.records import OrderType, Side


class Stops(Matching):
    """What happens to a stop from its acceptance until it enters the book like any other order."""

    def wait(self, stop: Order) -> None:
        """Stand behind all waiting stops of the same side and stop price."""
        self.stops_entered += 1
        stop.entry = self.stops_entered
        self.live[stop.id] = stop
        self.waiting_side(stop.instrument, stop.side).join(stop)

    def carry_out_triggered(self, instruments: Iterable[int]) -> None:
        """Rules 2 and 4: look at the stops once an order is done with; what triggers is done with one after another."""
        self.look_at_stops(instruments)
        while self.triggered:
            self.trigger(self.triggered.popleft())
            self.look_at_stops(instruments)

    def trade(self, taker: Order, maker: Order) -> None:
        """Rule 2: by convention the stops are looked at after each trade as well."""
        super().trade(taker, maker)
        if self.stops_entered and self.conventions.stop_evaluation == "fill":
            self.look_at_stops((taker.instrument,))

    def look_at_stops(self, instruments: Iterable[int]) -> None:
        """Rule 3: all that trigger at one moment queue up together behind those that triggered before."""
        moment = [
            stop for number in instruments for side in (Side.BUY, Side.SELL) for stop in self.reached(number, side)
        ]
        if self.conventions.stop_order == "time":
            moment.sort(key=attrgetter("entry"))
        self.triggered.extend(moment)

    def reached(self, instrument: int, side: Side) -> list[Order]:
        """Rule 1: take out the waiting stops that the price which they look at is at or through."""
        price = self.price_looked_at(instrument, side)
        return [] if price is None else self.waiting_side(instrument, side).take_reached(price)

    def price_looked_at(self, instrument: int, side: Side) -> int | None:
        """Rule 1: the last trade, or by convention the best price that an order of the side would trade with."""
        if self.conventions.stop_trigger == "last_trade":
            return self.last_trade.get(instrument)
        front = self.opposite(instrument, side).front()
        return None if front is None else front.price

    def trigger(self, stop: Order) -> None:
        """Rule 4: a stop becomes a market order, a stop limit a limit order, and enters like a new one."""
        del self.live[stop.id]
        self.tell.triggered(stop)
        stop.type = OrderType.LIMIT if stop.type == OrderType.STOP_LIMIT else OrderType.MARKET
        self.enter(stop)

    def cancel_waiting(self, stop: Order, qty: int, reason: Reason) -> None:
        """Take `qty` from a waiting stop; what stays keeps its place."""
        stop.open_qty -= qty
        if not stop.open_qty:
            del self.live[stop.id]
            self.waiting_side(stop.instrument, stop.side).leave(stop)
        self.tell.canceled(stop, qty, reason)
