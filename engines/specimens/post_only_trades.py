"""Takes a post-only order as any other, and lets it trade.

It stands for a flag that the order entry protocol carries and the book never reads: a market maker who quotes to earn the maker's fee
pays the taker's, and meets prices that he only wanted to be near.
"""

from __future__ import annotations

from engines.plain.engine import PlainEngine
from engines.plain.risk import FINE
from engines.specimens import SpecimenPlug
from harness.base.reasons import Reason


class PostOnlyTrades(PlainEngine):
    """Breaks: a post-only order that would trade at entry is refused."""

    def check_post_only(self, instrument: int, side: int, price: int) -> Reason:
        del instrument, side, price
        return FINE


SPECIMEN = SpecimenPlug(
    about="a post-only order trades",
    kind="matching",
    caught_by=("lifecycle", "reject_cause"),
    build=PostOnlyTrades,
)
