"""Price-time matching: who trades with whom, at what price, and what becomes of the rest.

One method a rule, numbered as in `docs/matching-rules.md`.
"""

from __future__ import annotations

from engines.plain.book import Order, reaches
from engines.plain.state import EngineState
from harness.base.reasons import Reason
from harness.base.records import OrderType, TimeInForce


class Matching(EngineState):
    """What happens to an order from the moment it may meet the book."""

    def enter(self, taker: Order, min_qty: int = 0) -> None:
        """Match the order, then see to what is left of it; `min_qty` is what must trade at once, 0 where nothing must."""
        if taker.tif == TimeInForce.FOK and not self.is_fillable(taker):
            self.cancel_incoming(taker, taker.open_qty, Reason.FOK_NOT_FILLABLE)
            return
        if min_qty and not self.reaches_minimum(taker, min_qty):
            self.cancel_incoming(taker, taker.open_qty, Reason.MIN_QTY_NOT_REACHED)
            return
        self.match(taker)
        if taker.open_qty:
            self.settle_remainder(taker)

    def match(self, taker: Order) -> None:
        """Rule 1: best price first, then time of joining the queue at that price."""
        opposite = self.opposite(taker.instrument, taker.side)
        while taker.open_qty:
            maker = opposite.front()
            if maker is None or not self.may_trade(taker, maker):
                return
            if self.is_self_trade(taker, maker):
                self.prevent_self_trade(taker, maker)
            else:
                self.trade(taker, maker)

    def may_trade(self, taker: Order, maker: Order) -> bool:
        """Rule 2: a limit order trades at its limit or better, a market order at any price."""
        return taker.type == OrderType.MARKET or reaches(taker.side, taker.price, maker.price)

    def trade(self, taker: Order, maker: Order) -> None:
        """Rule 3: the lesser of the two open quantities trades; a maker that is traded in part keeps its place."""
        qty = min(taker.open_qty, maker.open_qty)
        for order in (taker, maker):
            order.open_qty -= qty
            order.traded_qty += qty
        if not maker.open_qty:
            self.leave_book(maker)
        price = self.trade_price(taker, maker)
        self.last_trade[taker.instrument] = price
        self.tell.trade(taker, maker, price, qty)

    def trade_price(self, taker: Order, maker: Order) -> int:
        """Rule 1: a trade is at the maker's price."""
        del taker
        return maker.price

    def settle_remainder(self, taker: Order) -> None:
        """Rule 4: what is left of a limit order rests, of an IOC or a market order it is canceled."""
        if taker.type == OrderType.MARKET:
            self.cancel_incoming(taker, taker.open_qty, Reason.MARKET_REMAINDER)
        elif taker.tif == TimeInForce.IOC:
            self.cancel_incoming(taker, taker.open_qty, Reason.IOC_REMAINDER)
        else:
            self.rest(taker)

    def is_fillable(self, taker: Order) -> bool:
        """Rule 5: whether a FOK finds its whole quantity."""
        return self.can_trade(taker, taker.open_qty)

    def reaches_minimum(self, taker: Order, min_qty: int) -> bool:
        """Whether an order finds its minimum quantity, counted as for FOK."""
        return self.can_trade(taker, min_qty)

    def can_trade(self, taker: Order, qty: int) -> bool:
        """Rule 5: whether an order finds so much at once before it would meet an order of its own account.

        Where the resting order is the one that prevention cancels, the walk passes over it.
        """
        wanted = qty
        for maker in self.opposite(taker.instrument, taker.side).in_matching_order():
            if wanted <= 0 or not self.may_trade(taker, maker):
                break
            if not self.is_self_trade(taker, maker):
                wanted -= maker.open_qty
            elif self.conventions.self_trade != "cancel_oldest":
                break
        return wanted <= 0

    def is_self_trade(self, taker: Order, maker: Order) -> bool:
        """Whether prevention applies; account 0 stands for nobody in particular."""
        return taker.account == maker.account != 0 and self.conventions.self_trade != "none"

    def prevent_self_trade(self, taker: Order, maker: Order) -> None:
        """What the two orders of one account lose instead of trading."""
        match self.conventions.self_trade:
            case "cancel_newest":
                self.cancel_incoming(taker, taker.open_qty, Reason.SELF_TRADE)
            case "cancel_oldest":
                self.cancel_resting(maker, maker.open_qty, Reason.SELF_TRADE)
            case "cancel_both":
                self.cancel_resting(maker, maker.open_qty, Reason.SELF_TRADE)
                self.cancel_incoming(taker, taker.open_qty, Reason.SELF_TRADE)
            case "decrement":
                lost = min(taker.open_qty, maker.open_qty)
                self.cancel_resting(maker, lost, Reason.SELF_TRADE)
                self.cancel_incoming(taker, lost, Reason.SELF_TRADE)

    def rest(self, order: Order) -> None:
        """Join the back of the queue."""
        self.live[order.id] = order
        self.book_side(order.instrument, order.side).join(order)
        self.tell.rested(order)

    def leave_book(self, order: Order) -> None:
        """Leave the queue from any place; the orders behind move up and keep their order."""
        del self.live[order.id]
        self.book_side(order.instrument, order.side).leave(order)

    def cancel_resting(self, order: Order, qty: int, reason: Reason) -> None:
        """Take `qty` from an order in the book; what stays keeps its place."""
        order.open_qty -= qty
        if not order.open_qty:
            self.leave_book(order)
        self.tell.canceled(order, qty, reason)

    def cancel_incoming(self, order: Order, qty: int, reason: Reason) -> None:
        """Take `qty` from an order that is not in the book."""
        order.open_qty -= qty
        self.tell.canceled(order, qty, reason)
