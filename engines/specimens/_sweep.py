"""What specimens share whose sweep takes its makers from elsewhere than the front of the book."""

from __future__ import annotations

from collections.abc import Iterable

from engines.plain.book import Order
from engines.plain.engine import PlainEngine


def sweep(engine: PlainEngine, taker: Order, makers: Iterable[Order]) -> None:
    """Trade with the makers in turn, by all rules but the one of who comes first."""
    for maker in makers:
        if not taker.open_qty or not engine.may_trade(taker, maker):
            return
        if engine.is_self_trade(taker, maker):
            engine.prevent_self_trade(taker, maker)
        else:
            engine.trade(taker, maker)
