"""What one account, or all accounts of a firm together, hold: lots by instrument, value and cash, in exact integers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from harness.base.records import Side


@dataclass(slots=True)
class Lots:
    """What is held and asked for of one instrument."""

    position: int = 0
    """Bought less sold."""
    buys: int = 0
    """Open quantity of all open buys."""
    sells: int = 0


@dataclass(slots=True)
class OpenOrder:
    """An order that is live, as far as the service told."""

    account: int
    instrument: int
    side: int
    price: int
    """By which its open quantity is valued, without sign."""
    open: int
    waits: bool
    """Whether it is a stop that has not triggered."""
    traded: int = 0
    """Since it first entered, under whatever id."""


class Sums:
    """Follows open orders and trades."""

    def __init__(self) -> None:
        self._lots: defaultdict[int, Lots] = defaultdict(Lots)
        self._paid: defaultdict[int, int] = defaultdict(int)
        """Instrument -> cash that flowed out for what was bought, less what flowed in for what was sold."""
        self._open_value = self._traded_value = 0

    def opened(self, order: OpenOrder, lots: int) -> None:
        """So many more lots of the order are open; below 0 where they are not open any more."""
        held = self._lots[order.instrument]
        if order.side == Side.BUY:
            held.buys += lots
        else:
            held.sells += lots
        self._open_value += lots * order.price

    def traded(self, order: OpenOrder, price: int, lots: int) -> None:
        """So many lots of the order traded at this price."""
        bought = lots if order.side == Side.BUY else -lots
        self._lots[order.instrument].position += bought
        self._paid[order.instrument] += bought * price
        self._traded_value += lots * abs(price)

    def reach(self, instrument: int, side: int) -> int:
        """The lots that would be held on this side, were all open orders of the side to trade; short ones count above 0 for sells."""
        held = self._lots[instrument]
        return held.position + held.buys if side == Side.BUY else held.sells - held.position

    def exposure(self) -> int:
        """The value of all that is open and of all that was traded."""
        return self._open_value + self._traded_value

    def loss(self, last_trades: Mapping[int, int]) -> int:
        """What was paid beyond what the position is worth at each instrument's last trade; below 0 where that is a gain."""
        worth = sum(self._lots[instrument].position * last_trades[instrument] for instrument in self._paid)
        return sum(self._paid.values()) - worth
