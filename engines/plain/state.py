"""What every rule of the plain engine may look at: the instruments, the conventions, the live orders and the books."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from engines.plain.book import BookSide, Order
from engines.plain.offered import CONVENTIONS
from engines.plain.teller import Teller
from engines.plain.waiting import WaitingStops
from harness.base.capabilities import Conventions, Instrument, RiskLimits
from harness.base.records import Side


class EngineState:
    """The data of an engine, without a rule."""

    def __init__(self, instruments: Iterable[Instrument], conventions: Conventions = CONVENTIONS) -> None:
        self.instruments = {instrument.id: instrument for instrument in instruments}
        self.conventions = conventions
        self.tell = Teller()
        self.live: dict[int, Order] = {}
        """The resting orders and waiting stops of all instruments by id. Between two commands no other order is live."""
        self.last_trade: dict[int, int] = {}
        """The price of each instrument's last trade."""
        self.stops_entered = 0
        self.triggered: deque[Order] = deque()
        """Stops that triggered and are not carried out yet. Between two commands there are none."""
        self.accounts = {one.id: frozenset(one.risk.accounts) for one in self.instruments.values() if one.risk.accounts}
        """The accounts that may trade an instrument, where not any may."""
        self.held_back = {one.id for one in self.instruments.values() if one.risk != RiskLimits()}
        """The instruments that have a risk limit, so that the orders of the others need not be looked at."""
        self._books = {number: (self.empty_side(Side.BUY), self.empty_side(Side.SELL)) for number in self.instruments}
        self._waiting = {number: (WaitingStops(Side.BUY), WaitingStops(Side.SELL)) for number in self.instruments}

    def empty_side(self, side: Side) -> BookSide:
        """What one side of a book is kept in."""
        return BookSide(side)

    def book_side(self, instrument: int, side: int) -> BookSide:
        """One side of an instrument's book."""
        return self._books[instrument][side]

    def opposite(self, instrument: int, side: int) -> BookSide:
        """The side that an order of `side` trades with."""
        return self._books[instrument][1 - side]

    def waiting_side(self, instrument: int, side: int) -> WaitingStops:
        """The waiting stops of one side of an instrument."""
        return self._waiting[instrument][side]

    def live_order(self, instrument: int, order_id: int) -> Order | None:
        """The live order with this id, if it is one of this instrument."""
        order = self.live.get(order_id)
        return order if order is not None and order.instrument == instrument else None
