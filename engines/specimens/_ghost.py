"""What specimens share that leave a filled order in the book."""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.engine import PlainEngine


def put_back(engine: PlainEngine, order: Order) -> None:
    """Have an order stand again where it was filled: at the head of its queue, with nothing left."""
    side = engine.book_side(order.instrument, order.side)
    side.join(order)
    side.queue(order.price).move_to_end(order, last=False)
    engine.live[order.id] = order
