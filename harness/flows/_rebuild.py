"""A recording's book, rebuilt from its records without matching: adds, cancels and modifies as they stand.

This is the recording's own truth, against which a driven engine can be held. Trades and fills change nothing: what they did to the
book follows as a cancel or a modify. An execution is both in one.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from harness.base.records import NONE, Side
from harness.wire.recording import Action, Recording, Row

TRADED = (Action.TRADE, Action.EXECUTE)
"""What tells a trade."""
_SIGN = {Side.BUY: -1, Side.SELL: 1}
"""What makes the better price the lesser number."""


class Resting(NamedTuple):
    """One order of the recorded book."""

    side: Side
    price: int
    size: int


class RecordedBook:
    """The live orders; the dictionary's order is that in which they joined their queues. It counts what does not fit."""

    def __init__(self) -> None:
        self.orders: dict[int, Resting] = {}
        self.unknown = 0
        self.duplicates = 0
        self.over_cancels = 0
        self.side_flips = 0
        self._levels: dict[Side, dict[int, int]] = {Side.BUY: {}, Side.SELL: {}}
        self._heaps: dict[Side, list[int]] = {Side.BUY: [], Side.SELL: []}

    def apply(self, row: Row) -> None:
        """Change the book by one record."""
        if row.action == Action.ADD:
            self._add(row)
        elif row.action in (Action.CANCEL, Action.EXECUTE):
            self._cancel(row)
        elif row.action == Action.MODIFY:
            self._modify(row)
        elif row.action == Action.CLEAR:
            for order_id in list(self.orders):
                self._take(order_id)

    def best(self, side: Side) -> int | None:
        """The best price of a side, in ticks."""
        levels, heap = self._levels[side], self._heaps[side]
        sign = _SIGN[side]
        while heap and sign * heap[0] not in levels:
            heapq.heappop(heap)
        return sign * heap[0] if heap else None

    def crossed(self) -> bool:
        """Whether a bid is at or above an ask."""
        bid, ask = self.best(Side.BUY), self.best(Side.SELL)
        return bid is not None and ask is not None and bid >= ask

    def _add(self, row: Row) -> None:
        if row.order in self.orders:
            self.duplicates += 1
            self._take(row.order)
        self._put(row.order, Resting(Side(row.side), row.price, row.size))

    def _find(self, row: Row) -> Resting | None:
        """The order that a cancel or modify is about."""
        order = self.orders.get(row.order)
        if order is not None and row.side not in (order.side, Side.NONE):
            self.side_flips += 1
        return order

    def _cancel(self, row: Row) -> None:
        order = self._find(row)
        if order is None:
            self.unknown += 1
        elif NONE < row.size < order.size:
            self.orders[row.order] = order._replace(size=order.size - row.size)
        else:
            self.over_cancels += row.size > order.size
            self._take(row.order)

    def _modify(self, row: Row) -> None:
        order = self._find(row)
        if order is None:
            self.unknown += 1
        elif row.price == order.price and row.size <= order.size:
            self.orders[row.order] = order._replace(size=row.size)
        else:
            self._take(row.order)
            self._put(row.order, Resting(order.side, row.price, row.size))

    def _put(self, order_id: int, order: Resting) -> None:
        self.orders[order_id] = order
        levels = self._levels[order.side]
        if order.price not in levels:
            heapq.heappush(self._heaps[order.side], _SIGN[order.side] * order.price)
        levels[order.price] = levels.get(order.price, 0) + 1

    def _take(self, order_id: int) -> None:
        order = self.orders.pop(order_id)
        levels = self._levels[order.side]
        levels[order.price] -= 1
        if not levels[order.price]:
            del levels[order.price]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What a rebuilt recording comes to. Times are ns since 1970."""

    end: RecordedBook
    """The book after the last record, with its counts of what did not fit."""
    live_max: int
    event_ends: int
    crossed_ends: int
    crossed_first_ns: int | None
    crossed_last_ns: int | None
    crossed_after_open: int
    """Crossed event ends behind `open_row`."""
    trades: int
    traded_lots: int
    open_row: int
    """The index behind the record that ends the first event that leaves the book uncrossed: from the first trade on, where there is one."""


def rebuild(recording: Recording) -> Rebuilt:
    """Apply every record and count. Where no event end is an open, `open_row` is the number of records."""
    records = len(recording.records)
    book = RecordedBook()
    live_max = event_ends = trades = traded_lots = crossed_after_open = 0
    crossed_ns: list[int] = []
    open_row = records
    waits_for_trade = bool(np.isin(recording.records["action"], TRADED).any())
    for at, row in enumerate(recording.rows()):
        book.apply(row)
        live_max = max(live_max, len(book.orders))
        if row.action in TRADED:
            waits_for_trade = False
            trades += 1
            traded_lots += max(row.size, 0)
        if row.last:
            event_ends += 1
            if book.crossed():
                crossed_ns.append(row.ns)
                crossed_after_open += at >= open_row
            elif not waits_for_trade and open_row == records:
                open_row = at + 1
    return Rebuilt(
        end=book, live_max=live_max, event_ends=event_ends, crossed_ends=len(crossed_ns),
        crossed_first_ns=crossed_ns[0] if crossed_ns else None, crossed_last_ns=crossed_ns[-1] if crossed_ns else None,
        crossed_after_open=crossed_after_open, trades=trades, traded_lots=traded_lots, open_row=open_row,
    )  # fmt: skip
