"""What every engine and every wire can say: limit orders, immediate ones, cancels, and replaces that change the price.

It shows that a way to an engine changes nothing: whichever wire the same commands go over, the book that follows from the answers is the
same, order by order. So nothing stands in it that venues see differently. The flow keeps the book itself and names no order that is gone,
since some wires do not answer that. A replace keeps its order's id, since some have no word for another one; it changes the price, so
that the place is lost everywhere; and it names an order that has not traded, so that an open quantity and a total are the same number.

All orders are of one account, as one connection keeps one order, where an account may trade with itself. Where it may not, buyers and
sellers are two, and nobody meets himself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.notes import FlowNotes
from harness.base.records import Commands
from harness.base.seeds import Seed

BATCH = 4_096
"""Commands drawn at once: drawing them takes less than half a millisecond."""


@dataclass(frozen=True, slots=True)
class CommonFlow:
    """Endless."""

    resting: int = 500
    """The most orders that stand when one more is added; what a crossing order leaves may go beyond."""
    seller: int = 1
    """The account that sells; account 1 buys."""
    without: tuple[str, ...] = ()
    """What the engine does not offer."""

    def fitted(self, capabilities: Capabilities, conventions: Conventions) -> Self:
        """Without what the engine does not offer, and with two accounts where one may not trade with itself."""
        without = tuple(name for name in ("ioc", "cancel", "replace") if name not in capabilities.offered())
        return replace(self, seller=1 if conventions.self_trade == "none" else 2, without=without)

    def instruments(self) -> tuple[Instrument, ...]:
        """One, whose prices and quantities every wire can write."""
        return (Instrument(id=1, symbol="COMMON", price_max=20_000, qty_max=1_000),)

    def batches(self, seed: Seed) -> Iterator[Commands]:
        """Batches of 4,096 commands without end."""
        from harness.flows._common_kernel import CommonBook  # noqa: PLC0415 - numba, half a second, only when commands are drawn

        book = CommonBook(seed, self.resting, self.seller, self.without)
        while True:
            yield book.draw(BATCH)

    def notes(self) -> FlowNotes:
        """Every order is a good one."""
        return FlowNotes(least_accepted=1)


FLOW = CommonFlow
