"""The checks before the book: what is refused, and with which reason.

One method a rule. Each answers `Reason.NONE` where it has nothing against the command, so that a chain of `or` reads in the
order of `docs/matching-rules.md` and gives the first reason that applies.
"""

from __future__ import annotations

from engines.plain.book import Order, reaches
from engines.plain.offered import FLAGS, TIFS, TYPES
from engines.plain.state import EngineState
from harness.base.reasons import Reason
from harness.base.records import NONE, Command, Flag, OrderType, Side, TimeInForce

_POST_ONLY = int(Flag.POST_ONLY)
_SIDES = (int(Side.BUY), int(Side.SELL))
_AT_ONCE = (int(TimeInForce.IOC), int(TimeInForce.FOK))


class EntryChecks(EngineState):
    """Gives each command its reason to be refused, or NONE."""

    def refusal_of_new(self, new: Command) -> Reason:
        return (
            self.check_offered(new)
            or self.check_instrument(new.instrument)
            or self.check_order_id(new.order)
            or self.check_side(new.side)
            or self.check_quantity(new.instrument, new.qty)
            or (Reason.NONE if new.type == OrderType.MARKET else self.check_price(new.instrument, new.price))
            or self.check_terms(new)
            or self.check_unique(new.order)
            or (self.check_post_only(new.instrument, new.side, new.price) if is_post_only(new) else Reason.NONE)
        )

    def refusal_of_cancel(self, cancel: Command) -> Reason:
        order = self.live_order(cancel.instrument, cancel.target)
        if order is None:
            return Reason.UNKNOWN_ORDER
        return self.check_owner(order, cancel.account) or self.check_cancel_quantity(cancel.qty)

    def refusal_of_replace(self, replace: Command) -> Reason:
        order = self.live_order(replace.instrument, replace.target)
        if order is None:
            return Reason.UNKNOWN_ORDER
        return (
            self.check_owner(order, replace.account)
            or self.check_order_id(replace.order)
            or (Reason.NONE if replace.order == replace.target else self.check_unique(replace.order))
            or self.check_quantity(replace.instrument, replace.qty)
            or self.check_price(replace.instrument, replace.price)
            or self.check_new_total(order, replace.qty)
            or (self.check_post_only(order.instrument, order.side, replace.price) if order.post_only else Reason.NONE)
        )

    def check_offered(self, new: Command) -> Reason:
        """A type, time in force, flag or further term that the engine does not offer."""
        offered = new.type in TYPES and new.tif in TIFS and not new.flags & ~FLAGS
        if offered and new.stop == NONE and new.min_qty == NONE and new.display == NONE:
            return Reason.NONE
        return Reason.UNSUPPORTED

    def check_instrument(self, instrument: int) -> Reason:
        return Reason.NONE if instrument in self.instruments else Reason.UNKNOWN_INSTRUMENT

    def check_order_id(self, order_id: int) -> Reason:
        return Reason.NONE if order_id else Reason.INVALID_ORDER_ID

    def check_side(self, side: int) -> Reason:
        return Reason.NONE if side in _SIDES else Reason.INVALID_SIDE

    def check_quantity(self, instrument: int, qty: int) -> Reason:
        bounds = self.instruments[instrument]
        return Reason.NONE if bounds.qty_min <= qty <= bounds.qty_max else Reason.INVALID_QUANTITY

    def check_price(self, instrument: int, price: int) -> Reason:
        """An absent price is below all bounds."""
        bounds = self.instruments[instrument]
        return Reason.NONE if bounds.price_min <= price <= bounds.price_max else Reason.INVALID_PRICE

    def check_terms(self, new: Command) -> Reason:
        """A post-only order must be able to rest."""
        cannot_rest = new.type == OrderType.MARKET or new.tif in _AT_ONCE
        return Reason.INVALID_TERMS if cannot_rest and is_post_only(new) else Reason.NONE

    def check_unique(self, order_id: int) -> Reason:
        """Ids are unique among the live orders of all accounts and instruments, and free again after."""
        return Reason.DUPLICATE_ORDER_ID if order_id in self.live else Reason.NONE

    def check_post_only(self, instrument: int, side: int, price: int) -> Reason:
        """A post-only order looks at prices alone: whose order it would trade with is all the same."""
        front = self.opposite(instrument, side).front()
        if front is None or not reaches(side, price, front.price):
            return Reason.NONE
        return Reason.POST_ONLY_WOULD_TRADE

    def check_owner(self, order: Order, account: int) -> Reason:
        return Reason.NONE if order.account == account else Reason.NOT_OWNER

    def check_cancel_quantity(self, qty: int) -> Reason:
        """An absent quantity takes all."""
        return Reason.INVALID_QUANTITY if qty != NONE and qty < 1 else Reason.NONE

    def check_new_total(self, order: Order, qty: int) -> Reason:
        """Where a replace names a total, something of it must be left after what was traded."""
        counts_traded = self.conventions.replace_quantity == "total"
        return Reason.INVALID_QUANTITY if counts_traded and qty <= order.traded_qty else Reason.NONE


def is_post_only(new: Command) -> bool:
    """Whether the command asks for an order that never takes."""
    return bool(new.flags & _POST_ONLY)
