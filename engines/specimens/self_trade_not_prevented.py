"""Lets an account trade with itself, though it says that it prevents that.

It stands for prevention that compares sessions where it was asked to compare accounts, or that is switched off in production. A wash
trade is a breach of market rules, whoever lets it happen.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine
from engines.specimens import SpecimenPlug


class SelfTradeNotPrevented(PlainEngine):
    """Breaks: under prevention two orders of one account do not trade."""

    def is_self_trade(self, taker: Order, maker: Order) -> bool:
        del taker, maker
        return False


SPECIMEN = SpecimenPlug(
    about="two orders of one account trade under self-trade prevention",
    kind="matching",
    caught_by=("price_time", "model"),
    build=SelfTradeNotPrevented,
)
