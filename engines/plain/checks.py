"""The checks before the book: what is refused, and with which reason.

One method a rule. Each answers `FINE` where it has nothing against the command, so that a chain of `or` reads in the
order of `docs/matching-rules.md` and gives the first reason that applies.
"""

from __future__ import annotations

from engines.plain.book import LIMITED, STOPS, Order, reaches
from engines.plain.offered import FLAGS, OFFERS_MIN_QTY, TIFS, TYPES
from engines.plain.risk import FINE, RiskChecks
from harness.base.reasons import Reason
from harness.base.records import NONE, Command, Flag, OrderType, Side, TimeInForce

_POST_ONLY = int(Flag.POST_ONLY)
_SIDES = (int(Side.BUY), int(Side.SELL))
_LIMIT = int(OrderType.LIMIT)
_FOK = int(TimeInForce.FOK)
_AT_ONCE = (int(TimeInForce.IOC), _FOK)


class EntryChecks(RiskChecks):
    """Gives each command its reason to be refused, or FINE."""

    def refusal_of_new(self, new: Command) -> Reason:
        return (
            self.check_offered(new)
            or self.check_instrument(new.instrument)
            or (self.check_account(new.instrument, new.account) if self.accounts else FINE)
            or self.check_order_id(new.order)
            or self.check_side(new.side)
            or self.check_quantity(new.instrument, new.qty)
            or (FINE if new.min_qty == NONE else self.check_min_qty(new))
            or (self.check_price(new.instrument, new.price) if new.type in LIMITED else FINE)
            or (self.check_stop_price(new.instrument, new.stop) if new.type in STOPS else FINE)
            or self.check_terms(new)
            or self.check_unique(new.order)
            or (self.check_risk(new, new.type) if new.instrument in self.held_back else FINE)
            or (self.check_post_only(new.instrument, new.side, new.price) if is_post_only(new) else FINE)
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
            or self.check_replaceable(order)
            or self.check_order_id(replace.order)
            or (FINE if replace.order == replace.target else self.check_unique(replace.order))
            or self.check_quantity(replace.instrument, replace.qty)
            or self.check_price(replace.instrument, replace.price)
            or self.check_new_total(order, replace.qty)
            or (self.check_risk(replace, order.type) if order.instrument in self.held_back else FINE)
            or (self.check_post_only(order.instrument, order.side, replace.price) if order.post_only else FINE)
        )

    def check_offered(self, new: Command) -> Reason:
        """A type, time in force, flag or further term that the engine does not offer, or not with this type."""
        offered = new.type in TYPES and new.tif in TIFS and not new.flags & ~FLAGS and new.display == NONE
        priced = new.stop == NONE or new.type in STOPS
        return FINE if offered and priced and (OFFERS_MIN_QTY or new.min_qty == NONE) else Reason.UNSUPPORTED

    def check_instrument(self, instrument: int) -> Reason:
        return FINE if instrument in self.instruments else Reason.UNKNOWN_INSTRUMENT

    def check_account(self, instrument: int, account: int) -> Reason:
        """Where an instrument names its accounts, all others are strangers."""
        strange = instrument in self.accounts and account not in self.accounts[instrument]
        return Reason.UNKNOWN_ACCOUNT if strange else FINE

    def check_order_id(self, order_id: int) -> Reason:
        return FINE if order_id else Reason.INVALID_ORDER_ID

    def check_side(self, side: int) -> Reason:
        return FINE if side in _SIDES else Reason.INVALID_SIDE

    def check_quantity(self, instrument: int, qty: int) -> Reason:
        bounds = self.instruments[instrument]
        return FINE if bounds.qty_min <= qty <= bounds.qty_max else Reason.INVALID_QUANTITY

    def check_min_qty(self, new: Command) -> Reason:
        return FINE if 1 <= new.min_qty <= new.qty else Reason.INVALID_QUANTITY

    def check_price(self, instrument: int, price: int) -> Reason:
        """An absent price is below all bounds."""
        bounds = self.instruments[instrument]
        within = bounds.price_min <= price <= bounds.price_max
        return FINE if within and price % bounds.price_step == 0 else Reason.INVALID_PRICE

    def check_stop_price(self, instrument: int, stop: int) -> Reason:
        """A stop price is compared and never traded at, so it need not be a multiple of the step."""
        bounds = self.instruments[instrument]
        return FINE if bounds.price_min <= stop <= bounds.price_max else Reason.INVALID_PRICE

    def check_terms(self, new: Command) -> Reason:
        """A post-only order must be able to rest; a minimum says nothing beside them, nor beside a stop or a FOK."""
        cannot_rest = new.type != _LIMIT or new.tif in _AT_ONCE
        if is_post_only(new) and (cannot_rest or new.min_qty != NONE):
            return Reason.INVALID_TERMS
        has_own_rule = new.type in STOPS or new.tif == _FOK
        return Reason.INVALID_TERMS if has_own_rule and new.min_qty != NONE else FINE

    def check_unique(self, order_id: int) -> Reason:
        """Ids are unique among the live orders of all accounts and instruments, and free again after."""
        return Reason.DUPLICATE_ORDER_ID if order_id in self.live else FINE

    def check_post_only(self, instrument: int, side: int, price: int) -> Reason:
        """A post-only order looks at prices alone: whose order it would trade with is all the same."""
        front = self.opposite(instrument, side).front()
        if front is None or not reaches(side, price, front.price):
            return FINE
        return Reason.POST_ONLY_WOULD_TRADE

    def check_owner(self, order: Order, account: int) -> Reason:
        return FINE if order.account == account else Reason.NOT_OWNER

    def check_replaceable(self, order: Order) -> Reason:
        """A waiting stop cannot be replaced."""
        return Reason.UNSUPPORTED if order.waits else FINE

    def check_cancel_quantity(self, qty: int) -> Reason:
        """An absent quantity takes all."""
        return Reason.INVALID_QUANTITY if qty != NONE and qty < 1 else FINE

    def check_new_total(self, order: Order, qty: int) -> Reason:
        """Where a replace names a total, something of it must be left after what was traded."""
        counts_traded = self.conventions.replace_quantity == "total"
        return Reason.INVALID_QUANTITY if counts_traded and qty <= order.traded_qty else FINE


def is_post_only(new: Command) -> bool:
    """Whether the command asks for an order that never takes."""
    return bool(new.flags & _POST_ONLY)
