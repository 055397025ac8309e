"""What a command asks for in terms of the sums: what it would add, and instead of what.

What could not become an order has no such terms: the matching engine refuses it, and no sum meets an absent or absurd number.
"""

from __future__ import annotations

from typing import NamedTuple

from engines.guarded.holders import OpenOrder
from engines.guarded.sums import Sums
from engines.plain.book import LIMITED, STOPS
from harness.base.capabilities import Instrument
from harness.base.records import NONE, Command, OrderType, Side

_SIDES = (int(Side.BUY), int(Side.SELL))
_TYPES = tuple(int(one) for one in OrderType if one)


class Asked(NamedTuple):
    """A new order or a replace, as the controls see it."""

    account: int
    instrument: int
    side: int
    limit: int
    """Its limit price; NONE where it has none."""
    qty: int
    """As the command says it."""
    added_qty: int
    """How much more would be open."""
    added_value: int
    """How much more value would be open."""


class Asks(Sums):
    """Reads commands as what they would add."""

    def asked_by_new(self, new: Command) -> Asked | None:
        """None where it could not become an order."""
        bounds = self.engine.instruments.get(new.instrument)
        if bounds is None or not could_be_order(new, bounds):
            return None
        limit = new.price if new.type in LIMITED else NONE
        value = abs(self.valued_price(new)) * new.qty
        return Asked(new.account, new.instrument, new.side, limit, new.qty, new.qty, value)

    def asked_by_replace(self, replace: Command) -> Asked | None:
        """None where there is nothing that it could replace, or not by this."""
        target = self.engine.live_order(replace.instrument, replace.target)
        if target is None or target.account != replace.account or target.waits:
            return None
        open_qty = self.engine.new_open_qty(target, replace.qty)
        bounds = self.engine.instruments[replace.instrument]
        if open_qty < 1 or not within(bounds, replace.qty, replace.price):
            return None
        held = self.held_by_target(replace)
        value = abs(replace.price) * open_qty - held.value
        return Asked(
            replace.account, replace.instrument, held.side, replace.price, replace.qty, open_qty - held.qty, value
        )

    def held_by_target(self, replace: Command) -> OpenOrder:
        """What the sum of a replace is freed from first: all that its target holds now."""
        return self.orders[replace.target]


def could_be_order(new: Command, bounds: Instrument) -> bool:
    """Whether side, type, quantity and the prices that the type has are such as an order may have."""
    prices = (new.price,) * (new.type in LIMITED) + (new.stop,) * (new.type in STOPS)
    return new.side in _SIDES and new.type in _TYPES and within(bounds, new.qty, *prices)


def within(bounds: Instrument, qty: int, *prices: int) -> bool:
    """Whether quantity and prices lie within the instrument's bounds."""
    return bounds.qty_min <= qty <= bounds.qty_max and all(
        bounds.price_min <= price <= bounds.price_max for price in prices
    )
