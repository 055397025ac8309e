"""A book that stands: adds, cancels and small takers around a mid that hardly moves, for measuring matching and nothing else.

55 in 100 commands add an order that never crosses, 35 cancel a live one, 10 take one to three makers whole or in part. Without a bound
the book grows for ever (45,000 orders after a million commands): it is deep. With one, a cancel stands in for what would be too much.

The flow keeps the book itself and so knows every trade before it happens (`expected_fills`): it names no order that is gone, and an
engine that trades otherwise is wrong. Makers are account 1 and takers account 2, so that nobody meets himself and self-trade
prevention of any kind changes nothing. It needs day limit orders alone, but without cancels its book is thin.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt

from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.notes import FlowNotes
from harness.base.records import Commands
from harness.base.seeds import Seed

if TYPE_CHECKING:
    from harness.flows._standing_kernel import StandingBook

BATCH = 4_096
"""Commands drawn at once: drawing them takes less than half a millisecond."""
FILL = np.dtype([("taker", "<i8"), ("maker", "<i8"), ("price", "<i8"), ("qty", "<i8")])
"""One trade that must happen: the two orders, the price in ticks and the quantity in lots."""


@dataclass(frozen=True, slots=True)
class StandingBookFlow:
    """Endless."""

    live_max: int = 0
    """The most orders that are live at once; 0: no bound, the deep book. 2,000 makes the shallow one."""
    cancels: bool = True
    """Whether the engine offers cancels; else takers come in their place."""

    def fitted(self, capabilities: Capabilities, conventions: Conventions) -> Self:
        """Without cancels where the engine offers none."""
        del conventions
        return replace(self, cancels="cancel" in capabilities.commands)

    def instruments(self) -> tuple[Instrument, ...]:
        return (Instrument(id=1, symbol="STANDING"),)

    def batches(self, seed: Seed) -> Iterator[Commands]:
        """Batches of 4,096 commands without end."""
        book = self._book(seed)
        while True:
            yield book.draw(BATCH)[0]

    def expected_fills(self, seed: Seed, commands: int) -> npt.NDArray[np.void]:
        """The trades that the first commands must give, in order, as `FILL` records."""
        book = self._book(seed)
        sizes = [min(BATCH, commands - first) for first in range(0, commands, BATCH)]
        rows = np.concatenate([book.draw(size)[1] for size in sizes or [0]])
        return rows.view(FILL).reshape(-1)

    def notes(self) -> FlowNotes:
        """Every order is a good one."""
        return FlowNotes(least_accepted=1)

    def _book(self, seed: Seed) -> StandingBook:
        from harness.flows._standing_kernel import StandingBook  # noqa: PLC0415 - numba, half a second, only when commands are drawn

        return StandingBook(seed, self.live_max, cancels=self.cancels)


FLOW = StandingBookFlow
