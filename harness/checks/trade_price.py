"""A trade is at the price of the order that rested, never worse than the limit of either order, and on the instrument of both.

An order's price is what its owner asked for, in the new order or the last replace that was taken: an engine that
rests an order at another price and trades it there is caught by the same rule. The fold keeps the limit and the open
quantity of live orders, the latter only to forget what is filled.
"""

from __future__ import annotations

from dataclasses import dataclass

from harness.base.findings import Facts, FindingLog
from harness.base.records import NONE, Side
from harness.checks import CheckPlug
from harness.checks._answers import rows
from harness.checks._asked import Ask, Asked
from harness.checks._kinds import ACCEPTED, CANCELED, REFUSED, REPLACED, TRADE
from harness.evidence.fold import RunInfo, Segment


@dataclass(slots=True)
class _Order:
    terms: Ask
    open: int


class TradePrice:
    """The limits of the live orders, by order id."""

    def __init__(self, run: RunInfo) -> None:
        del run
        self._log = FindingLog("trade_price")
        self._asked = Asked()
        self._orders: dict[int, _Order] = {}
        self._trades = 0

    def add(self, segment: Segment) -> None:
        numbers = self._asked.add(segment)
        told = rows(segment.events, "kind", "order", "new_order", "maker", "instrument", "price", "qty", "remaining")
        for number, (kind, order, new_order, maker, instrument, price, qty, remaining) in zip(
            numbers, told, strict=True
        ):
            if kind == TRADE:
                self._on_instrument(number, order, maker, instrument)
                self._trade(number, order, maker, price, qty)
            elif kind == ACCEPTED:
                self._accepted(number, order)
            elif kind == REPLACED:
                self._replaced(number, order, new_order, remaining)
            elif kind == CANCELED:
                self._less(order, qty)
            elif kind in REFUSED:
                self._asked.take(number)

    def facts(self) -> Facts:
        return Facts(seen=self._trades, findings=self._log.findings())

    def _accepted(self, number: int, order: int) -> None:
        if ask := self._asked.take(number):
            self._orders[order] = _Order(ask, ask.qty)

    def _replaced(self, number: int, order: int, new_order: int, remaining: int) -> None:
        ask = self._asked.take(number)
        old = self._orders.pop(order, None)
        if ask and old:
            self._orders[new_order] = _Order(old.terms.replaced_by(ask), ask.qty if remaining == NONE else remaining)

    def _on_instrument(self, number: int, order: int, maker: int, instrument: int) -> None:
        """Both orders of a trade are of its instrument: a book that is mixed up with another one trades at right prices."""
        for each, met in ((maker, order), (order, maker)):
            live = self._orders.get(each)
            if live and live.terms.instrument != instrument:
                self._log.add(
                    "instrument", "an order traded on another instrument than its own", command=number, orders=(order, maker),
                    expected=f"order {each} trades on instrument {live.terms.instrument}",
                    got=f"it traded with order {met} on instrument {instrument}",
                )  # fmt: skip

    def _trade(self, number: int, order: int, maker: int, price: int, qty: int) -> None:
        self._trades += 1
        if resting := self._orders.get(maker):
            if price != resting.terms.limit:
                since = resting.terms.number
                self._log.add(
                    "maker_price", "a trade was not at the price of the resting order", command=number,
                    orders=(order, maker),
                    expected=f"order {maker} trades at {resting.terms.limit}, its price since command {since}",
                    got=f"it traded with order {order} at {price}",
                )  # fmt: skip
            self._less(maker, qty)
        if taker := self._orders.get(order):
            if _worse(price, taker.terms):
                self._log.add(
                    "limit", "an order traded at a price worse than its limit", command=number, orders=(order, maker),
                    expected=f"order {order} {_verb(taker.terms)} at {taker.terms.limit} or better",
                    got=f"it traded with order {maker} at {price}",
                )  # fmt: skip
            self._less(order, qty)

    def _less(self, order: int, qty: int) -> None:
        """The order lost so much of its open quantity, all where it is not told how much; what has none left is forgotten."""
        if live := self._orders.get(order):
            live.open -= live.open if qty == NONE else qty
            if live.open <= 0:
                del self._orders[order]


def _worse(price: int, terms: Ask) -> bool:
    limit = terms.limit
    if limit is None:
        return False
    return price > limit if terms.side == Side.BUY else price < limit


def _verb(terms: Ask) -> str:
    return "buys" if terms.side == Side.BUY else "sells"


CHECK = CheckPlug(
    about="A trade is at the resting order's price, within both limits and on both orders' instrument.",
    start=TradePrice,
    needs=("one_order", "maker", "price", "qty"),
    least=10_000,
)
