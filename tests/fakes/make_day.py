"""Makes the made-up trading day that comes along: `python tests/fakes/make_day.py [PATH]` writes it.

The records have the shape of a futures venue's market-by-order feed: a snapshot, a pre-open in which the book is crossed, an
auction, then continuous trading with its groups of trade, fills and what they did to the book. The book behind them is a small one
of its own, strictly by price and time, so that a right engine that is driven with the day ends in the same book.
"""

import gzip
import sys
from pathlib import Path
from random import Random

from tests.fakes.days import LAST, MBO_HEADER

PATH = Path(__file__).parents[2] / "scenarios" / "data" / "made_up_day.csv.gz"
TICK_1E9 = 250_000_000
MID = 16_000
OPEN_NS = 1_798_815_600_000_000_000
SNAPSHOT_ORDERS, PRE_OPEN_EVENTS, EVENTS = 400, 500, 5_200
EVENT_FLAGS, SNAPSHOT_FLAGS, AUCTION_FLAGS = 130, 40, 0
BID, ASK, NO_SIDE = "B", "A", "N"
FLAGS = MBO_HEADER.split(",").index("flags")


class Day:
    """The records so far and the book behind them. Only `Random.random` is drawn from: its values are the same in every Python."""

    def __init__(self, seed):
        self._random = Random(seed)
        self._rows = []
        self._book = {}
        """Order id -> [side, price, size]; the dictionary's order is the time priority."""
        self._next_id = 7_000_000_000_001
        self._mid = MID
        self._ns = OPEN_NS - 80_000_000_000_000

    def made(self):
        """The whole day, a tuple a record with the columns of `MBO_HEADER`."""
        for _ in range(SNAPSHOT_ORDERS):
            self._add(self._side(), depth=1 + self._skewed(60), flags=SNAPSHOT_FLAGS)
        self._ns = OPEN_NS - 1_800_000_000_000
        for _ in range(PRE_OPEN_EVENTS):
            self._tick(3_000_000_000)
            self._pre_open_event()
        self._ns = OPEN_NS
        self._auction()
        for _ in range(EVENTS):
            self._tick(20_000_000)
            self._event()
        return self._rows

    def _pre_open_event(self):
        draw = self._random.random()
        if draw < 0.75 or not self._book:
            self._add(self._side(), depth=self._skewed(30) - 3)
        elif draw < 0.9:
            self._cancel(self._pick())
        else:
            self._move(self._pick())

    def _event(self):
        if self._random.random() < 0.05:
            self._mid += 1 if self._random.random() < 0.5 else -1
        draw = self._random.random()
        if draw < 0.45:
            side = self._side()
            self._add_behind(side, 1 + self._skewed(40))
        elif draw < 0.68:
            self._cancel(self._pick())
        elif draw < 0.74:
            self._reduce(self._pick())
        elif draw < 0.87:
            self._move(self._pick())
        else:
            self._take(self._side(), 1 + self._skewed(40))

    def _add(self, side, depth, flags=EVENT_FLAGS):
        """Join the queue, in whatever relation to the other side: a pre-open book may be crossed."""
        price = self._mid - depth if side == BID else self._mid + depth
        self._put(self._new_id(), side, price, 1 + self._skewed(20), flags)

    def _add_behind(self, side, depth):
        """Join the queue without meeting the other side."""
        price = self._mid - depth if side == BID else self._mid + depth
        self._put(self._new_id(), side, self._clear_of(side, price), 1 + self._skewed(20), EVENT_FLAGS)

    def _cancel(self, order):
        side, price, size = self._book.pop(order)
        self._say("C", side, price, size, order)

    def _reduce(self, order):
        """A partial cancel, or a modify that lowers the size: both keep the place."""
        side, price, size = self._book[order]
        if size == 1:
            return self._cancel(order)
        less = 1 + int(self._random.random() * (size - 1))
        self._book[order][2] = size - less
        if self._random.random() < 0.5:
            return self._say("C", side, price, less, order)
        return self._say("M", side, price, size - less, order)

    def _move(self, order):
        """A modify to another price, or to a greater size: the order joins the back of its queue."""
        side, price, size = self._book.pop(order)
        moved = self._clear_of(side, price + int(self._random.random() * 5) - 2)
        size = size + 1 + self._skewed(5) if moved == price else 1 + self._skewed(20)
        self._book[order] = [side, moved, size]
        self._say("M", side, moved, size, order)

    def _take(self, side, size):
        """An aggressive order: a trade a price level, the fills of its makers, then what became of them and of the rest."""
        taker, effects = self._new_id(), []
        limit = self._mid + 2 if side == BID else self._mid - 2
        while size and (price := self._best(ASK if side == BID else BID)) is not None and _meets(side, limit, price):
            makers = [order for order, (other, at, _) in self._book.items() if other != side and at == price]
            fills = []
            for maker in makers:
                filled = min(size - sum(done for _, done in fills), self._book[maker][2])
                if filled:
                    fills.append((maker, filled))
            self._say("T", side, price, sum(done for _, done in fills), taker, 0)
            for maker, filled in fills:
                effects.append(self._fill(maker, filled, ASK if side == BID else BID))
            size -= sum(done for _, done in fills)
        if size and (effects or self._random.random() < 0.5):
            self._book[taker] = [side, limit, size]
            effects.append(("A", side, limit, size, taker))
        self._end_event(effects)

    def _auction(self):
        """Everything that is crossed trades at one price: the first pair's middle is as good as any."""
        pairs = []
        while (bid := self._first(BID)) and (ask := self._first(ASK)) and self._book[bid][1] >= self._book[ask][1]:
            size = min(self._book[bid][2], self._book[ask][2])
            for order in (bid, ask):
                self._book[order][2] -= size
                pairs.append((order, size, *self._book[order]))
                if not self._book[order][2]:
                    del self._book[order]
        price = self._mid
        self._say("T", NO_SIDE, price, sum(pair[1] for pair in pairs) // 2, 0, AUCTION_FLAGS)
        for order, size, *_ in pairs:
            self._say("F", NO_SIDE, price, size, order, 0)
        last = {order: (side, at, left) for order, _, side, at, left in pairs}
        total = {order: sum(size for other, size, *_ in pairs if other == order) for order in last}
        self._end_event(
            [
                ("M", side, at, left, order) if left else ("C", side, at, total[order], order)
                for order, (side, at, left) in last.items()
            ]
        )

    def _fill(self, maker, filled, side):
        """Tell a maker's fill and give what it does to the book: a modify, or a cancel of what was left."""
        _, price, size = self._book[maker]
        self._say("F", side, price, filled, maker, 0)
        if filled < size:
            self._book[maker][2] = size - filled
            return ("M", side, price, size - filled, maker)
        del self._book[maker]
        return ("C", side, price, filled, maker)

    def _end_event(self, effects):
        for at, effect in enumerate(effects, 1):
            self._say(*effect, flags=EVENT_FLAGS if at == len(effects) else 0)

    def _put(self, order, side, price, size, flags):
        self._book[order] = [side, price, size]
        self._say("A", side, price, size, order, flags)

    def _clear_of(self, side, price):
        """The price, or the nearest that does not meet the other side."""
        best = self._best(ASK if side == BID else BID)
        if best is None or not _meets(side, price, best):
            return price
        return best - 1 if side == BID else best + 1

    def _best(self, side):
        prices = [price for other, price, _ in self._book.values() if other == side]
        return None if not prices else max(prices) if side == BID else min(prices)

    def _first(self, side):
        """The order that trades first; 0 where there is none."""
        best = self._best(side)
        return next((order for order, (other, price, _) in self._book.items() if (other, price) == (side, best)), 0)

    def _side(self):
        return BID if self._random.random() < 0.5 else ASK

    def _pick(self):
        return list(self._book)[int(self._random.random() * len(self._book))]

    def _skewed(self, most):
        """0 to most - 1, the small ones more often."""
        return int(self._random.random() ** 2 * most)

    def _tick(self, mean_ns):
        self._ns += 1 + int(self._random.random() * 2 * mean_ns)

    def _new_id(self):
        self._next_id += 1
        return self._next_id

    def _say(self, action, side, price, size, order, flags=EVENT_FLAGS):
        received_ns = self._ns + (0 if flags == SNAPSHOT_FLAGS else 150_000)
        row = (
            self._ns, received_ns, len(self._rows) + 1, action, side, price * TICK_1E9, size, order, flags, 0,
        )  # fmt: skip
        self._rows.append(row)


def _meets(side, limit, price):
    return price <= limit if side == BID else price >= limit


def made_up_day():
    """The day that is committed, as CSV."""
    rows = Day(20_270_101).made()
    assert rows[-1][FLAGS] & LAST
    return "\n".join([MBO_HEADER, *(",".join(map(str, row)) for row in rows), ""])


if __name__ == "__main__":
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else PATH
    path.write_bytes(gzip.compress(made_up_day().encode(), mtime=0))
