"""The book is never crossed: after each command the best bid is below the best ask, on every instrument.

A book can become crossed only when an order joins it, and joining is the last thing that happens to an order that is being
matched. So each `rested` is held against the best price of the other side, from the engine's events alone.
"""

from __future__ import annotations

from harness.base.findings import Facts, FindingLog
from harness.base.records import Side
from harness.checks import CheckPlug
from harness.checks._answers import rows
from harness.checks._kinds import RESTED
from harness.checks._quotes import Quotes
from harness.evidence.fold import RunInfo, Segment


class NeverCrossed:
    """The best prices, looked at whenever an order joins the book."""

    def __init__(self, run: RunInfo) -> None:
        self._quotes = Quotes(keeps_place=run.conventions.replace_keeps_place == "quantity_down")
        self._log = FindingLog("never_crossed")
        self._rests = 0

    def add(self, segment: Segment) -> None:
        fields = ("kind", "command", "order", "new_order", "maker", "instrument", "side", "price", "qty", "remaining")
        for kind, number, order, new_order, maker, instrument, side, price, qty, remaining in rows(
            segment.events, *fields
        ):
            self._quotes.follow(
                kind, order, new_order=new_order, maker=maker, where=(instrument, side), price=price, qty=qty,
                remaining=remaining,
            )  # fmt: skip
            if kind == RESTED:
                self._rests += 1
                self._judge(number, order, instrument, side, price)

    def facts(self) -> Facts:
        return Facts(seen=self._rests, findings=self._log.findings())

    def _judge(self, number: int, order: int, instrument: int, side: int, price: int) -> None:
        opposite = self._quotes.best(instrument, Side.SELL if side == Side.BUY else Side.BUY)
        if opposite is None:
            return
        bid, ask = (price, opposite) if side == Side.BUY else (opposite, price)
        if bid >= ask:
            self._log.add(
                "crossed", "the best bid was not below the best ask", command=number, orders=(order,),
                expected=f"a best bid below the best ask on instrument {instrument}",
                got=f"bid {bid}, ask {ask} after order {order} had rested",
            )  # fmt: skip


CHECK = CheckPlug(
    about="After every command the best bid is below the best ask.",
    start=NeverCrossed,
    needs=("one_order", "maker", "side", "price", "qty", "remaining"),
    least=1_000,
)
