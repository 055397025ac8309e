"""A flow that explores: short episodes, each with acts, terms, bounds and mistakes of its own, on books that begin empty.

What other flows mix in small shares all the time is here on for a whole episode or not at all; and what is rare in a market is common
here: a book of one price, quantities at every declared bound, ids that are used again, orders of an order's own account. It cancels
and replaces what it believes to be live, and much of that has traded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

from harness.base.capabilities import OF_ANY_ACCOUNT, Capabilities, Conventions, Instrument, RiskLimits
from harness.base.controls import AccountControls, Controls, FirmControls, InstrumentControls, Rate
from harness.base.notes import FlowNotes
from harness.base.records import Commands
from harness.base.seeds import Seed
from harness.flows._episode import COMMAND_BYTES, COMMANDS_MAX, episode
from harness.flows._swarm import FEATURES, HEADER_BYTES, TIFS, Market

COMMANDS_MIN = 50
EVERYTHING = frozenset(("day", OF_ANY_ACCOUNT, *TIFS, *(need for _, need in FEATURES if need)))
INSTRUMENTS = (
    Instrument(id=1, symbol="NARROW", price_max=64, qty_max=32),
    Instrument(
        id=2, symbol="BELOW", price_min=-40, price_max=40, price_step=4, qty_min=3, qty_max=50,
        risk=RiskLimits(collar_ticks=16),
    ),
    Instrument(
        id=3, symbol="HELD", price_max=1_000, qty_max=100,
        risk=RiskLimits(
            order_qty_max=40, order_value_max=20_000, collar_ticks=12, reference_price=500, accounts=(1, 2, 3)
        ),
    ),
    Instrument(id=4, symbol="WIDE", price_min=-(2**40), price_max=2**40, risk=RiskLimits(order_value_max=2**62)),
)  # fmt: skip
"""Bounds that are near; prices below zero with a step, and a collar without a reference price; every limit at once; and products of
price and quantity beyond 64 bits."""

_LONG_NS = 3_600_000_000_000
CONTROLS = Controls(
    accounts=(
        AccountControls(
            account=1, firm=1, long_max=9, short_max=9, exposure_max=1_500, restricted=(4,),
        ),
        AccountControls(
            account=2, firm=1, loss_max=10, messages=Rate(most=12, window_ns=_LONG_NS), duplicates=Rate(most=1, window_ns=_LONG_NS),
            repeats=Rate(most=2, window_ns=_LONG_NS),
        ),
        AccountControls(account=3, firm=2),
    ),
    firms=(FirmControls(firm=1, long_max=14, short_max=14, exposure_max=2_500),
        FirmControls(firm=2, messages=Rate(most=16, window_ns=_LONG_NS)),
   ),
    instruments=(
        InstrumentControls(instrument=1, breaker_ticks=2, volume_max=6, breaker_window_ns=_LONG_NS, pause_ns=1),
        InstrumentControls(instrument=2, qty_step=2),
        InstrumentControls(instrument=3, static_price=500, static_ticks=3, volume_max=4, breaker_window_ns=_LONG_NS, pause_ns=_LONG_NS),
    ),
)  # fmt: skip
"""Limits that some commands reach: of an account, of its firm, and none. Windows outlast any search, and pauses end with the next command or
never, so that the same commands are answered in the same way at any pace."""


@dataclass(frozen=True, slots=True)
class ExploredFlow:
    """Endless."""

    without: tuple[str, ...] = ()
    """What the engine does not offer."""

    def fitted(self, capabilities: Capabilities, conventions: Conventions) -> Self:
        """Without what the engine does not offer; its capabilities tell what that is."""
        del conventions
        return replace(self, without=tuple(sorted(EVERYTHING - capabilities.offered())))

    def instruments(self) -> tuple[Instrument, ...]:
        return INSTRUMENTS

    def batches(self, seed: Seed) -> Iterator[Commands]:
        """An episode a batch, without end."""
        chance = seed.stream("explored")
        market = self.market()
        first = 1
        while True:
            count = int(chance.integers(COMMANDS_MIN, COMMANDS_MAX, endpoint=True))
            yield episode(chance.bytes(HEADER_BYTES + count * COMMAND_BYTES), market, first)
            first += count

    def market(self) -> Market:
        """Where the episodes happen."""
        return Market(INSTRUMENTS, EVERYTHING - {*self.without})

    def notes(self) -> FlowNotes:
        """A quarter of the new orders must be refused; of 2,000 commands, episodes that happen to be odd, half: 0.4 leaves room."""
        return FlowNotes(least_accepted=0.4)


FLOW = ExploredFlow
