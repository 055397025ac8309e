"""Price-time priority: the resting order of a trade is the first in the queue at the best price of its side.

The queues are those that the engine's own events make: `rested` joins the back, a cancel or a fill leaves, a partial
one stays, and a replace that keeps its place by the engine's convention stays too. Two violations are told apart: a
better price was passed over, or an earlier order at the same price was. Beside them stand an order that stopped
before the last price it could trade at, and a trade between two orders of one account where the engine says that it
prevents that.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from heapq import heappop, heappush

from harness.base.findings import Facts, FindingLog
from harness.base.reasons import Reason
from harness.base.records import NONE, Side
from harness.checks import CheckPlug
from harness.checks._answers import rows
from harness.checks._asked import Ask, Asked
from harness.checks._kinds import ACCEPTED, CANCELED, REFUSED, REPLACED, RESTED, TRADE
from harness.evidence.fold import RunInfo, Segment

_REMAINDERS = (Reason.IOC_REMAINDER, Reason.MARKET_REMAINDER)


@dataclass(slots=True, eq=False)
class _Order:
    id: int
    terms: Ask
    price: int = 0
    open: int = 0
    since: int = 0
    """The command that made it join its queue; 0 while it is in none."""


class _Queues:
    """One side of one instrument: a queue a price, and the best price, found lazily."""

    def __init__(self, side: int) -> None:
        self._sign = -1 if side == Side.BUY else 1
        self._ranks: list[int] = []
        self.at: dict[int, OrderedDict[_Order, None]] = {}
        """Price -> its orders, first to trade first."""

    def join(self, order: _Order) -> None:
        if order.price not in self.at:
            self.at[order.price] = OrderedDict()
            heappush(self._ranks, self._sign * order.price)
        self.at[order.price][order] = None

    def leave(self, order: _Order) -> None:
        queue = self.at[order.price]
        del queue[order]
        if not queue:
            del self.at[order.price]

    def front(self) -> _Order | None:
        """The order whose turn it is."""
        while self._ranks:
            if queue := self.at.get(self._sign * self._ranks[0]):
                return next(iter(queue))
            heappop(self._ranks)
        return None


class PriceTime:
    """The queues of the engine's own events."""

    def __init__(self, run: RunInfo) -> None:
        self._prevents = run.conventions.self_trade != "none"
        self._keeps_place = run.conventions.replace_keeps_place == "quantity_down"
        self._log = FindingLog("price_time")
        self._asked = Asked()
        self._orders: dict[int, _Order] = {}
        self._queues: dict[tuple[int, int], _Queues] = {}
        self._trades = self._interior = self._partial = 0

    def add(self, segment: Segment) -> None:
        numbers = self._asked.add(segment)
        told = rows(segment.events, "kind", "order", "new_order", "maker", "price", "qty", "remaining", "reason")
        for number, (kind, order, new_order, maker, price, qty, remaining, reason) in zip(numbers, told, strict=True):
            if kind == TRADE:
                self._trade(number, order, maker, qty, remaining)
            elif kind == ACCEPTED:
                self._accepted(number, order)
            elif kind == RESTED:
                self._rested(number, order, price, remaining)
            elif kind == CANCELED:
                self._canceled(number, order, remaining, reason)
            elif kind == REPLACED:
                self._replaced(number, order, new_order, remaining)
            elif kind in REFUSED:
                self._asked.take(number)

    def facts(self) -> Facts:
        marks = {"interior_cancel": self._interior, "partial_fill": self._partial}
        return Facts(seen=self._trades, findings=self._log.findings(), marks=marks)

    def _accepted(self, number: int, order: int) -> None:
        if ask := self._asked.take(number):
            self._give_id(order, _Order(order, ask))

    def _trade(self, number: int, order: int, maker_id: int, qty: int, remaining: int) -> None:
        self._trades += 1
        taker, maker = self._orders.get(order), self._orders.get(maker_id)
        if taker and not remaining and not taker.since:
            del self._orders[order]
        if not maker or not maker.since:
            return
        if taker and self._prevents and taker.terms.account == maker.terms.account != 0:
            self._tell_self_trade(number, taker, maker)
        self._judge_turn(number, order, maker)
        maker.open -= qty
        self._partial += maker.open > 0
        if maker.open <= 0:
            self._forget(maker)

    def _judge_turn(self, number: int, taker: int, maker: _Order) -> None:
        """Whether it was this resting order's turn."""
        front = self._side_of(maker).front()
        if front is None or front is maker:
            return
        passed = f"order {front.id} had rested at {front.price} since command {front.since}"
        kind, title = ("price", "a better price was passed over")
        if front.price == maker.price:
            kind, title = ("time", "an earlier order at the same price was passed over")
        self._log.add(
            kind, title, command=number, orders=(taker, maker.id, front.id),
            expected=f"order {taker} trades with order {front.id} first",
            got=f"it traded with order {maker.id} at {maker.price}, but {passed}",
        )  # fmt: skip

    def _tell_self_trade(self, number: int, taker: _Order, maker: _Order) -> None:
        self._log.add(
            "self_trade", "two orders of one account traded with each other", command=number,
            orders=(taker.id, maker.id),
            expected=f"no trade within account {maker.terms.account}, which the engine says it prevents",
            got=f"order {taker.id} traded with order {maker.id}",
        )  # fmt: skip

    def _rested(self, number: int, order: int, price: int, remaining: int) -> None:
        live = self._orders.get(order)
        if not live:
            return
        if live.since:
            self._side_of(live).leave(live)
        live.price = live.terms.price if price == NONE else price
        live.open, live.since = remaining, number or live.terms.number
        self._side_of(live).join(live)

    def _canceled(self, number: int, order: int, remaining: int, reason: int) -> None:
        live = self._orders.get(order)
        if not live:
            return
        if not live.since:
            if reason in _REMAINDERS:
                self._judge_stop(number, live)
        elif remaining > 0:
            live.open = remaining
        else:
            queue = self._side_of(live).at[live.price]
            self._interior += live is not next(iter(queue)) and live is not next(reversed(queue))
        if remaining <= 0:
            self._forget(live)

    def _judge_stop(self, number: int, taker: _Order) -> None:
        """What is left of an immediate order is canceled only when nothing is left that it could trade with."""
        opposite = Side.SELL if taker.terms.side == Side.BUY else Side.BUY
        front = self._queues_of(taker.terms.instrument, opposite).front()
        if front and _reaches(taker.terms, front.price):
            self._log.add(
                "stopped_early", "an order stopped before the last price it could trade at", command=number,
                orders=(taker.id, front.id),
                expected=f"order {taker.id} trades on with order {front.id} at {front.price}",
                got="what was left of it was canceled",
            )  # fmt: skip

    def _replaced(self, number: int, order: int, new_order: int, remaining: int) -> None:
        ask = self._asked.take(number)
        live = self._orders.get(order)
        if not live:
            return
        if not ask:
            # Nobody asked for it, so nobody knows what became of the order: it is in no queue that could be judged.
            self._forget(live)
            return
        del self._orders[order]
        kept = live.since and self._keeps_place and ask.price == live.price and remaining < live.open
        if live.since and not kept:
            self._side_of(live).leave(live)
            live.since = 0
        live.id, live.terms, live.open = new_order, live.terms.replaced_by(ask), remaining
        self._give_id(new_order, live)

    def _give_id(self, order: int, live: _Order) -> None:
        """From here on the id means this order; one that still had it cannot be told apart, and leaves its queue."""
        if before := self._orders.get(order):
            self._forget(before)
        self._orders[order] = live

    def _forget(self, order: _Order) -> None:
        if order.since:
            self._side_of(order).leave(order)
        del self._orders[order.id]

    def _side_of(self, order: _Order) -> _Queues:
        return self._queues_of(order.terms.instrument, order.terms.side)

    def _queues_of(self, instrument: int, side: int) -> _Queues:
        queues = self._queues.get((instrument, side))
        if queues is None:
            queues = self._queues[instrument, side] = _Queues(side)
        return queues


def _reaches(terms: Ask, price: int) -> bool:
    """Whether the order may trade at the price."""
    limit = terms.limit
    if limit is None:
        return True
    return price <= limit if terms.side == Side.BUY else price >= limit


CHECK = CheckPlug(
    about="The best price trades first, and at one price the order that came first.",
    start=PriceTime,
    needs=("one_order", "maker", "qty", "remaining"),
    marks=("interior_cancel", "partial_fill"),
    least=10_000,
)
