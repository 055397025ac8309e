"""A table of live orders that forgives, for specimens that lose track of who is in it.

The healthy engine's table is strict: to erase an id that is not there ends the engine. The hash maps of C++ and Java say nothing, so
that an engine built on them goes on with a wrong table, which is the worse defect and the one to be seen.
"""

from __future__ import annotations

from engines.plain.book import Order


class ForgivingTable(dict[int, Order]):
    """Orders by id; to erase what is not there does nothing."""

    def __delitem__(self, order_id: int) -> None:
        self.pop(order_id, None)
