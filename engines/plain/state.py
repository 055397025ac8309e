"""What every rule of the plain engine may look at: the instruments, the conventions, the live orders and the books."""

from __future__ import annotations

from collections.abc import Iterable

from engines.plain.book import BookSide, Order
from engines.plain.offered import CONVENTIONS
from engines.plain.teller import Teller
from harness.base.capabilities import Conventions, Instrument
from harness.base.records import Side


class EngineState:
    """The data of an engine, without a rule."""

    def __init__(self, instruments: Iterable[Instrument], conventions: Conventions = CONVENTIONS) -> None:
        self.instruments = {instrument.id: instrument for instrument in instruments}
        self.conventions = conventions
        self.tell = Teller()
        self.live: dict[int, Order] = {}
        """The resting orders of all instruments by id. Between two commands no other order is live."""
        self._books = {number: (BookSide(Side.BUY), BookSide(Side.SELL)) for number in self.instruments}

    def book_side(self, instrument: int, side: int) -> BookSide:
        """One side of an instrument's book."""
        return self._books[instrument][side]

    def opposite(self, instrument: int, side: int) -> BookSide:
        """The side that an order of `side` trades with."""
        return self._books[instrument][1 - side]

    def live_order(self, instrument: int, order_id: int) -> Order | None:
        """The live order with this id, if it is one of this instrument."""
        order = self.live.get(order_id)
        return order if order is not None and order.instrument == instrument else None
