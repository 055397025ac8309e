"""Quantity is conserved: what was accepted of an order is what was traded, what was canceled and what is still open.

The sum is kept for each order by arithmetic alone, and held against what the engine tells at every event. After a
difference the engine's own figure is taken over, so that one slip is counted once and the next one is still seen.
"""

from __future__ import annotations

from dataclasses import dataclass

from harness.base.findings import Facts, FindingLog
from harness.base.records import NONE
from harness.checks import CheckPlug
from harness.checks._answers import rows
from harness.checks._asked import Asked
from harness.checks._kinds import ACCEPTED, CANCELED, REFUSED, REPLACED, RESTED, TRADE
from harness.evidence.fold import RunInfo, Segment


@dataclass(slots=True)
class _Order:
    open: int
    traded: int = 0
    """Since it first entered, under whatever id."""


@dataclass(slots=True)
class _Totals:
    """Lots over the whole run; both sides of a trade count."""

    accepted: int = 0
    replaced: int = 0
    """By how much replaces changed what was open."""
    traded: int = 0
    canceled: int = 0


class Conservation:
    """The open quantity of the live orders, by order id."""

    def __init__(self, run: RunInfo) -> None:
        self._total_counts_trades = run.conventions.replace_quantity == "total"
        self._log = FindingLog("conservation")
        self._asked = Asked()
        self._orders: dict[int, _Order] = {}
        self._totals = _Totals()
        self._seen = 0

    def add(self, segment: Segment) -> None:
        numbers = self._asked.add(segment)
        told = rows(segment.events, "kind", "order", "new_order", "maker", "qty", "remaining")
        for number, (kind, order, new_order, maker, qty, remaining) in zip(numbers, told, strict=True):
            if kind == TRADE:
                self._trade(number, order, maker, qty, remaining)
            elif kind == ACCEPTED:
                self._accepted(number, order, qty, remaining)
            elif kind == RESTED:
                self._left(number, order, self._open(order), remaining, "rested")
            elif kind == CANCELED:
                self._canceled(number, order, qty, remaining)
            elif kind == REPLACED:
                self._replaced(number, order, new_order, remaining)
            elif kind in REFUSED:
                self._asked.take(number)
        self._seen += len(numbers)

    def facts(self) -> Facts:
        totals = self._totals
        still_open = sum(order.open for order in self._orders.values())
        told = {
            "lots accepted": f"{totals.accepted:,}",
            "lots changed by replaces": f"{totals.replaced:+,}",
            "lots traded, both sides": f"{totals.traded:,}",
            "lots canceled": f"{totals.canceled:,}",
            "lots open at the end": f"{still_open:,}",
        }
        return Facts(seen=self._seen, findings=self._log.findings(), told=told)

    def _open(self, order: int) -> int:
        live = self._orders.get(order)
        return live.open if live else 0

    def _accepted(self, number: int, order: int, qty: int, remaining: int) -> None:
        ask = self._asked.take(number)
        if ask and qty != ask.qty:
            self._log.add(
                "accepted", "an order was accepted with another quantity than was asked for", command=number,
                orders=(order,), expected=f"order {order} accepted with {ask.qty}", got=f"it was accepted with {qty}",
            )  # fmt: skip
        self._orders[order] = _Order(qty)
        self._totals.accepted += qty
        self._left(number, order, qty, remaining, "was accepted")

    def _trade(self, number: int, order: int, maker: int, qty: int, remaining: int) -> None:
        if self._is_quantity(number, order, qty, "traded"):
            self._totals.traded += 2 * qty
            for side, left in ((order, remaining), (maker, NONE)):
                if live := self._orders.get(side):
                    live.traded += qty
                self._less(number, side, qty, left, "traded")

    def _canceled(self, number: int, order: int, qty: int, remaining: int) -> None:
        if self._is_quantity(number, order, qty, "lost"):
            self._totals.canceled += qty
            self._less(number, order, qty, remaining, "lost")

    def _is_quantity(self, number: int, order: int, qty: int, verb: str) -> bool:
        if qty <= 0:
            self._log.add(
                "quantity", "a trade or a cancellation had no positive quantity", command=number, orders=(order,),
                expected="a quantity of 1 or more", got=f"order {order} {verb} {qty}",
            )  # fmt: skip
        return qty > 0

    def _less(self, number: int, order: int, qty: int, remaining: int, verb: str) -> None:
        """The order loses `qty`; what it has left is held against what is told of it."""
        left = self._open(order) - qty
        if left < 0:
            self._log.add(
                "more_than_open", "more of an order was traded or canceled than it had open", command=number,
                orders=(order,), expected=f"at most the {left + qty} that order {order} had open",
                got=f"it {verb} {qty}",
            )  # fmt: skip
            self._set(order, max(remaining, 0))
        else:
            self._left(number, order, left, remaining, f"{verb} {qty}")

    def _left(self, number: int, order: int, left: int, remaining: int, did: str) -> None:
        """Hold what the order has left by arithmetic against what the engine tells of it."""
        if remaining not in (NONE, left):
            self._log.add(
                "remaining", "the remaining quantity told of an order is not what is left of it", command=number,
                orders=(order,), expected=f"order {order} has {left} left",
                got=f"it {did} and was told to have {remaining}",
            )  # fmt: skip
            left = max(remaining, 0)
        self._set(order, left)

    def _set(self, order: int, left: int) -> None:
        """Keep what is left; an order with nothing left is forgotten, and then has 0 open."""
        if not left:
            self._orders.pop(order, None)
        elif live := self._orders.get(order):
            live.open = left
        else:
            self._orders[order] = _Order(left)

    def _replaced(self, number: int, order: int, new_order: int, remaining: int) -> None:
        ask = self._asked.take(number)
        old = self._orders.pop(order, None)
        if not ask or not old:
            return
        wanted = ask.qty - old.traded if self._total_counts_trades else ask.qty
        if remaining != wanted:
            self._log.add(
                "replaced", "a replace gave an order another open quantity than it asked for", command=number,
                orders=(order, new_order), expected=f"order {new_order} has {wanted} open",
                got=f"it was told to have {remaining}",
            )  # fmt: skip
        self._totals.replaced += remaining - old.open
        self._orders[new_order] = _Order(remaining, old.traded)


CHECK = CheckPlug(
    about="Accepted quantity is traded, canceled or open, for every order at every event.",
    start=Conservation,
    needs=("one_order", "maker", "qty", "remaining"),
    least=1_000,
)
