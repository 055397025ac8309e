"""The plain engine: commands in, events out.

Here stands what each kind of command does. What is refused stands in `checks`, how orders meet in `matching`; both are base
classes rather than parts, so that a specimen can break one rule by overriding one method of this one class.
"""

from __future__ import annotations

from engines.plain.book import Order
from engines.plain.checks import EntryChecks, is_post_only
from engines.plain.matching import Matching
from harness.base.bits import BookRows, book_rows
from harness.base.reasons import Reason
from harness.base.records import (
    NONE,
    Command,
    CommandKind,
    Commands,
    EventKind,
    Events,
    OrderType,
    Side,
    command_rows,
)


class PlainEngine(EntryChecks, Matching):
    """A matching engine of many instruments that takes its commands one after another."""

    def submit(self, commands: Commands) -> Events:
        """Carry the commands out in order; the events that answer them, in the order they happened."""
        for command in command_rows(commands):
            self.tell.answer(command)
            self.carry_out(command)
        return self.tell.take()

    def snapshot(self) -> BookRows:
        """The resting orders of all instruments, in digest order."""
        rows: list[tuple[int, int, int, int, int, int]] = []
        for instrument in self.instruments:
            for side in (Side.BUY, Side.SELL):
                place = 0
                price = NONE
                for order in self.book_side(instrument, side).in_matching_order():
                    place = place + 1 if order.price == price else 0
                    price = order.price
                    rows.append((instrument, side, price, place, order.id, order.open_qty))
        return book_rows(rows)

    def carry_out(self, command: Command) -> None:
        match command.kind:
            case CommandKind.NEW:
                self.on_new(command)
            case CommandKind.CANCEL:
                self.on_cancel(command)
            case CommandKind.REPLACE:
                self.on_replace(command)
            case CommandKind.MASS_CANCEL:
                self.on_mass_cancel(command)
            case _:
                self.tell.refused(command, EventKind.REJECTED, Reason.UNSUPPORTED)

    def on_new(self, new: Command) -> None:
        if reason := self.refusal_of_new(new):
            self.tell.refused(new, EventKind.REJECTED, reason)
            return
        order = order_of(new)
        self.tell.accepted(order)
        self.enter(order)

    def on_cancel(self, cancel: Command) -> None:
        """Take all that is open, or as much of it as the command says."""
        if reason := self.refusal_of_cancel(cancel):
            self.tell.refused(cancel, EventKind.CANCEL_REJECTED, reason)
            return
        order = self.live[cancel.target]
        qty = order.open_qty if cancel.qty == NONE else min(cancel.qty, order.open_qty)
        self.cancel_resting(order, qty, Reason.USER)

    def on_replace(self, replace: Command) -> None:
        """Give the order its new id, price and quantity; where it loses its place, it enters like a new one."""
        if reason := self.refusal_of_replace(replace):
            self.tell.refused(replace, EventKind.REPLACE_REJECTED, reason)
            return
        order = self.live[replace.target]
        open_qty = self.new_open_qty(order, replace.qty)
        keeps_place = self.keeps_place(order, replace.price, open_qty)
        if keeps_place:
            self.live[replace.order] = self.live.pop(order.id)
        else:
            self.leave_book(order)
        order.id, order.price, order.open_qty = replace.order, replace.price, open_qty
        self.tell.replaced(replace.target, order)
        if not keeps_place:
            self.enter(order)

    def new_open_qty(self, order: Order, qty: int) -> int:
        """A replace names the new open quantity or, by convention, a total that counts what was already traded."""
        return qty - order.traded_qty if self.conventions.replace_quantity == "total" else qty

    def keeps_place(self, order: Order, price: int, open_qty: int) -> bool:
        """A replace keeps its place only where it lowers the quantity at the same price, and the convention lets it."""
        lowers = price == order.price and open_qty < order.open_qty
        return lowers and self.conventions.replace_keeps_place == "quantity_down"

    def on_mass_cancel(self, mass_cancel: Command) -> None:
        orders = self.taken_by(mass_cancel)
        for order in orders:
            self.cancel_resting(order, order.open_qty, Reason.MASS_CANCEL)
        self.tell.done(mass_cancel, len(orders))

    def taken_by(self, mass_cancel: Command) -> list[Order]:
        """The orders that a mass cancel takes: account 0, instrument 0 and side NONE each mean any."""
        account, instrument, side = mass_cancel.account, mass_cancel.instrument, mass_cancel.side
        return [
            order
            for order in self.live.values()
            if account in (0, order.account) and instrument in (0, order.instrument) and side in (Side.NONE, order.side)
        ]


def order_of(new: Command) -> Order:
    """The order that an accepted command makes; the price of a market order is ignored."""
    return Order(
        id=new.order,
        instrument=new.instrument,
        account=new.account,
        side=new.side,
        type=new.type,
        tif=new.tif,
        post_only=is_post_only(new),
        price=NONE if new.type == OrderType.MARKET else new.price,
        open_qty=new.qty,
    )
