"""lightmatchingengine 2019.1.4 of PyPI, a limit order book of Python dicts, under its own numbers of orders and in sizes of its own."""

from __future__ import annotations

from typing import Any, ClassVar

from lightmatchingengine.lightmatchingengine import LightMatchingEngine, Order

from harness.base.records import NONE, Command, CommandKind, OrderType, TimeInForce

UNSAID = [{"kind": "rejected", "reason": "unsupported"}]  # on no channel: never said to the engine


class Light:
    """The engine in whole lots."""

    capabilities: ClassVar = {"types": ["limit", "market"], "carries": ["maker", "price", "qty"], "untold": ["canceled_qty"], "says_all": False}  # fmt: skip
    lot = 1.0

    def __init__(self, setup: Any) -> None:
        self.engine, self.instruments = LightMatchingEngine(), {one.id: one for one in setup.instruments}
        self.orders: dict[int, tuple[Order, Command]] = {}
        self.ours: dict[int, int] = {}

    def submit(self, command: Command) -> list[dict[str, Any]]:
        if command.kind == CommandKind.NEW:
            return self.new(command) if self.can_say(command) else UNSAID
        order, asked = self.orders.get(command.target, (None, command))
        home = asked.account, asked.instrument
        if order is None or command.qty != NONE or (command.account, command.instrument) != home:
            return UNSAID
        gone = self.engine.cancel_order(order.order_id, command.instrument)
        return [{"kind": "canceled" if gone else "cancel_rejected", "order": command.target, "channel": "order"}]

    def new(self, command: Command) -> list[dict[str, Any]]:
        price = 0 if command.type == OrderType.MARKET else command.price
        it, trades = self.engine.add_order(command.instrument, price, command.qty * self.lot, command.side + 1)
        self.orders[command.order], self.ours[it.order_id] = (it, command), command.order
        # It tells both sides of each trade; the makers' are one each.
        made = [one for one in trades if one.order_id != it.order_id]
        fills = [{"kind": "trade", "maker": self.ours[one.order_id], "price": one.trade_price, "qty": round(one.trade_qty / self.lot)} for one in made]  # fmt: skip
        rested = [{"kind": "rested", "price": it.price}] if it.leaves_qty else []
        told = {"order": command.order, "channel": "order"}
        return [told | one for one in ({"kind": "accepted", "price": price, "qty": command.qty}, *fills, *rested)]

    def can_say(self, it: Command) -> bool:
        bounds = self.instruments.get(it.instrument)
        if bounds is None or it.order in {0, *self.orders} or not bounds.qty_min <= it.qty <= bounds.qty_max:
            return False
        # A price of 0 is that of its market orders.
        priced = it.type == OrderType.LIMIT and it.price != 0 and bounds.price_min <= it.price <= bounds.price_max
        plain = (it.tif, it.flags, it.stop, it.min_qty, it.display) == (TimeInForce.DAY, 0, NONE, NONE, NONE)
        return (priced or it.type == OrderType.MARKET) and it.side in {0, 1} and plain


class InTenths(Light):
    """The same in lots of a tenth, as where coins are traded."""

    lot = 0.1
