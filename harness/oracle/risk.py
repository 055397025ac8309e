"""The risk limits of an instrument, held against one new order or replace.

The product of price and quantity is a Python integer, exact at any size.
"""

from __future__ import annotations

from collections.abc import Iterator

from harness.base.capabilities import Instrument
from harness.base.reasons import Reason
from harness.base.records import NONE, Command, CommandKind, OrderType


def reference_price(instrument: Instrument, last_trade: int | None) -> int | None:
    """The last trade, before the first one what the instrument declares; None where that is nothing."""
    if last_trade is not None:
        return last_trade
    declared = instrument.risk.reference_price
    return None if declared == NONE else declared


def broken_limits(instrument: Instrument, command: Command, reference: int | None) -> Iterator[Reason]:
    """The limits that the command's own price and quantity break, in the order of the rules."""
    limits = instrument.risk
    if limits.order_qty_max and command.qty > limits.order_qty_max:
        yield Reason.RISK_ORDER_QUANTITY
    price = _valued_at(command, reference)
    if limits.order_value_max and price is not None and abs(price) * command.qty > limits.order_value_max:
        yield Reason.RISK_ORDER_VALUE
    held = _is_limit(command) and command.price != NONE and reference is not None
    if limits.collar_ticks and held and abs(command.price - (reference or 0)) > limits.collar_ticks:
        yield Reason.RISK_PRICE_COLLAR


def _valued_at(command: Command, reference: int | None) -> int | None:
    """The price by which the order's value is judged; None where there is none."""
    if command.type == OrderType.MARKET:
        return reference
    price = command.stop if command.type == OrderType.STOP else command.price
    return None if price == NONE else price


def _is_limit(command: Command) -> bool:
    """Whether the price is one that the order may trade at once: what rests and is replaced is a limit order."""
    return command.kind == CommandKind.REPLACE or command.type == OrderType.LIMIT
