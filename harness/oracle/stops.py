"""The stops that wait, and which of them a price sets off, in the order in which they are carried out.

A buy stop is set off by a price at or above its stop price, so the lowest one is next; a sell stop by one at or below, so the
highest is. Which price that is (the last trade, or the quote of the other side), and when it is looked at, is the model's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import attrgetter

from harness.base.bits import WAITING
from harness.base.capabilities import StopOrder
from harness.base.records import Side
from harness.oracle.orders import Order, Row, Turns


class Stops:
    """The waiting stops of all instruments."""

    def __init__(self, instruments: Iterable[int], order: StopOrder) -> None:
        self._by_entry = order == "time"
        self._tickets = 0
        self.count = 0
        """How many wait."""
        self._waiting: dict[tuple[int, int], Turns] = {}
        for instrument in instruments:
            self._waiting[instrument, Side.BUY] = Turns(lambda order: -order.stop)
            self._waiting[instrument, Side.SELL] = Turns(attrgetter("stop"))

    def wait(self, order: Order) -> None:
        """From here on the order waits, behind those that entered before it."""
        self._tickets += 1
        order.ticket = self._tickets
        order.waits = True
        self.count += 1
        self._waiting[order.instrument, order.side].join(order)

    def leave(self, order: Order) -> None:
        """The order waits no longer."""
        self._waiting[order.instrument, order.side].leave(order)
        order.waits = False
        self.count -= 1

    def set_off(self, instrument: int, for_buys: int | None, for_sells: int | None) -> list[Order]:
        """Take out all that these prices set off together; None sets nothing off."""
        buys, sells = self._waiting[instrument, Side.BUY], self._waiting[instrument, Side.SELL]
        taken: list[Order] = []
        while for_buys is not None and (order := buys.next()) and order.stop <= for_buys:
            self.leave(order)
            taken.append(order)
        while for_sells is not None and (order := sells.next()) and order.stop >= for_sells:
            self.leave(order)
            taken.append(order)
        return sorted(taken, key=attrgetter("ticket")) if self._by_entry else taken

    def rows(self) -> Iterator[Row]:
        """The waiting stops as rows of a book."""
        for (instrument, side), turns in self._waiting.items():
            yield from turns.rows(instrument, side + WAITING, attrgetter("stop"))
