"""A recorded day's book, rebuilt from its market-by-order records without matching: adds, cancels and modifies as they stand.

This is the day's own truth, against which a driven engine can be held. T and F change nothing: what they did to the book
follows as C or M.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import NamedTuple

from harness.wire.mbo_csv import ADD, ASK, BID, CANCEL, CLEAR, LAST, MODIFY, TRADE, Records

_SIGN = {BID: -1, ASK: 1}
"""What makes the better price the lesser number."""


class Resting(NamedTuple):
    """One order of the recorded book."""

    side: bytes
    price_1e9: int
    size: int


class Row(NamedTuple):
    """One record of `harness.wire.mbo_csv.MBO` as Python values."""

    ts_event: int
    ts_recv: int
    sequence: int
    action: bytes
    side: bytes
    price_1e9: int
    size: int
    order_id: int
    flags: int
    channel_id: int


class RecordedBook:
    """The live orders; the dictionary's order is that in which they joined their queues. It counts what does not fit."""

    def __init__(self) -> None:
        self.orders: dict[int, Resting] = {}
        self.unknown = 0
        self.duplicates = 0
        self.over_cancels = 0
        self._levels: dict[bytes, dict[int, int]] = {BID: {}, ASK: {}}
        self._heaps: dict[bytes, list[int]] = {BID: [], ASK: []}

    def apply(self, row: Row) -> None:
        """Change the book by one record."""
        if row.action == ADD:
            self._add(row)
        elif row.action == CANCEL:
            self._cancel(row)
        elif row.action == MODIFY:
            self._modify(row)
        elif row.action == CLEAR:
            for order_id in list(self.orders):
                self._take(order_id)

    def best(self, side: bytes) -> int | None:
        """The best price of a side, times 1e9."""
        levels, heap = self._levels[side], self._heaps[side]
        sign = _SIGN[side]
        while heap and sign * heap[0] not in levels:
            heapq.heappop(heap)
        return sign * heap[0] if heap else None

    def crossed(self) -> bool:
        """Whether a bid is at or above an ask."""
        bid, ask = self.best(BID), self.best(ASK)
        return bid is not None and ask is not None and bid >= ask

    def _add(self, row: Row) -> None:
        if row.order_id in self.orders:
            self.duplicates += 1
            self._take(row.order_id)
        self._put(row.order_id, Resting(row.side, row.price_1e9, row.size))

    def _cancel(self, row: Row) -> None:
        order = self.orders.get(row.order_id)
        if order is None:
            self.unknown += 1
        elif row.size < order.size:
            self.orders[row.order_id] = order._replace(size=order.size - row.size)
        else:
            self.over_cancels += row.size > order.size
            self._take(row.order_id)

    def _modify(self, row: Row) -> None:
        order = self.orders.get(row.order_id)
        if order is None:
            self.unknown += 1
        elif row.price_1e9 == order.price_1e9 and row.size <= order.size:
            self.orders[row.order_id] = order._replace(size=row.size)
        else:
            self._take(row.order_id)
            self._put(row.order_id, Resting(order.side, row.price_1e9, row.size))

    def _put(self, order_id: int, order: Resting) -> None:
        self.orders[order_id] = order
        levels = self._levels[order.side]
        if order.price_1e9 not in levels:
            heapq.heappush(self._heaps[order.side], _SIGN[order.side] * order.price_1e9)
        levels[order.price_1e9] = levels.get(order.price_1e9, 0) + 1

    def _take(self, order_id: int) -> None:
        order = self.orders.pop(order_id)
        levels = self._levels[order.side]
        levels[order.price_1e9] -= 1
        if not levels[order.price_1e9]:
            del levels[order.price_1e9]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What a rebuilt day comes to. Prices are times 1e9, times are ns UTC of the event."""

    unknown: int
    """Cancels and modifies of an order that was not live."""
    duplicates: int
    over_cancels: int
    live: int
    live_max: int
    best_bid_1e9: int | None
    best_ask_1e9: int | None
    event_ends: int
    crossed_ends: int
    crossed_first_ns: int | None
    crossed_last_ns: int | None
    crossed_after_open: int
    """Crossed event ends behind `open_row`."""
    trades: int
    contracts: int
    open_row: int
    """The index behind the record that ends the first event, from the first trade on, that leaves the book uncrossed."""


def rows_of(records: Records) -> list[Row]:
    """The records as named tuples, in order."""
    return [Row._make(row) for row in records.tolist()]


def rebuild(records: Records) -> Rebuilt:
    """Apply every record and count. A file without a trade has no open: its `open_row` is its length."""
    book = RecordedBook()
    live_max = event_ends = trades = contracts = crossed_after_open = 0
    crossed_ns: list[int] = []
    open_row = len(records)
    for at, row in enumerate(rows_of(records)):
        book.apply(row)
        live_max = max(live_max, len(book.orders))
        if row.action == TRADE:
            trades += 1
            contracts += row.size
        if row.flags & LAST:
            event_ends += 1
            if book.crossed():
                crossed_ns.append(row.ts_event)
                crossed_after_open += at >= open_row
            elif trades and open_row == len(records):
                open_row = at + 1
    return Rebuilt(
        unknown=book.unknown, duplicates=book.duplicates, over_cancels=book.over_cancels,
        live=len(book.orders), live_max=live_max, best_bid_1e9=book.best(BID), best_ask_1e9=book.best(ASK),
        event_ends=event_ends, crossed_ends=len(crossed_ns),
        crossed_first_ns=crossed_ns[0] if crossed_ns else None, crossed_last_ns=crossed_ns[-1] if crossed_ns else None,
        crossed_after_open=crossed_after_open, trades=trades, contracts=contracts, open_row=open_row,
    )  # fmt: skip
