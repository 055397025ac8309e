"""The risk limits of an instrument: how large an order may be, how much worth, and how far from the last trade.

One method a rule, numbered as in `docs/matching-rules.md`. Each answers `FINE` where it has nothing against the order.
"""

from __future__ import annotations

from engines.plain.state import EngineState
from harness.base.capabilities import RiskLimits
from harness.base.reasons import Reason
from harness.base.records import NONE, Command, OrderType

FINE = Reason.NONE
"""Nothing against it. By a name of its own, since to look a member up in its enum takes as long as the check that gives it."""


class RiskChecks(EngineState):
    """Holds back what is too large or too far away, of a new order and of a replace alike."""

    def check_risk(self, asked: Command, order_type: int) -> Reason:
        """The price and quantity are those of the command; a replace names no type, so that is the order's own."""
        risk = self.instruments[asked.instrument].risk
        return (
            self.check_order_quantity(risk, asked.qty)
            or self.check_order_value(risk, asked, order_type)
            or self.check_collar(risk, asked, order_type)
        )

    def check_order_quantity(self, risk: RiskLimits, qty: int) -> Reason:
        """Rule 1."""
        return Reason.RISK_ORDER_QUANTITY if 0 < risk.order_qty_max < qty else FINE

    def check_order_value(self, risk: RiskLimits, asked: Command, order_type: int) -> Reason:
        """Rule 2: the price counts without its sign, and what has no price has no value."""
        if not risk.order_value_max:
            return FINE
        price = self.price_of_value(asked, order_type)
        too_much = price != NONE and abs(price) * asked.qty > risk.order_value_max
        return Reason.RISK_ORDER_VALUE if too_much else FINE

    def price_of_value(self, asked: Command, order_type: int) -> int:
        """Rule 2: the limit where there is one, the stop price of a stop, for a market order the reference price."""
        match order_type:
            case OrderType.MARKET:
                return self.reference_price(asked.instrument)
            case OrderType.STOP:
                return asked.stop
            case _:
                return asked.price

    def check_collar(self, risk: RiskLimits, asked: Command, order_type: int) -> Reason:
        """Rule 3: a limit order only; the other types are meant for another price."""
        if not risk.collar_ticks or order_type != OrderType.LIMIT:
            return FINE
        reference = self.reference_price(asked.instrument)
        too_far = reference != NONE and abs(asked.price - reference) > risk.collar_ticks
        return Reason.RISK_PRICE_COLLAR if too_far else FINE

    def reference_price(self, instrument: int) -> int:
        """The last trade, and before the first one what the instrument declares, NONE where that is nothing."""
        return self.last_trade.get(instrument, self.instruments[instrument].risk.reference_price)
