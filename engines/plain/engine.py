"""The plain engine: commands in, events out.

Here stands what each kind of command does. What is refused stands in `checks` and `risk`, how orders meet in `matching`, when stops
trigger in `stops`; they are base classes rather than parts, so that a specimen can break one rule by overriding one method of this
one class.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from engines.plain.book import LIMITED, Order
from engines.plain.checks import EntryChecks, is_post_only
from engines.plain.stops import Stops
from harness.base.bits import WAITING, BookRows, book_rows
from harness.base.reasons import Reason
from harness.base.records import (
    NONE,
    Command,
    CommandKind,
    Commands,
    EventKind,
    Events,
    Side,
    command_rows,
)

Row: TypeAlias = tuple[int, int, int, int, int, int]
"""Instrument, side, price, place, id and open quantity of one order in a snapshot."""


class PlainEngine(EntryChecks, Stops):
    """A matching engine of many instruments that takes its commands one after another."""

    def submit(self, commands: Commands) -> Events:
        """Carry the commands out in order; the events that answer them, in the order they happened."""
        for command in command_rows(commands):
            self.tell.answer(command)
            self.carry_out(command)
            # Where no stop ever came, none can trigger.
            if self.stops_entered:
                self.carry_out_triggered(self.instruments_of(command))
        return self.tell.take()

    def snapshot(self) -> BookRows:
        """The live orders of all instruments, in digest order; a waiting stop stands at its stop price."""
        rows: list[Row] = []
        for number in self.instruments:
            for side in (Side.BUY, Side.SELL):
                resting, waiting = self.book_side(number, side), self.waiting_side(number, side)
                rows += placed(number, side, ((order.price, order) for order in resting.in_matching_order()))
                rows += placed(number, side + WAITING, ((order.stop, order) for order in waiting))
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
        if order.waits:
            self.wait(order)
        else:
            self.enter(order, 0 if new.min_qty == NONE else new.min_qty)

    def on_cancel(self, cancel: Command) -> None:
        """Take all that is open, or as much of it as the command says."""
        if reason := self.refusal_of_cancel(cancel):
            self.tell.refused(cancel, EventKind.CANCEL_REJECTED, reason)
            return
        order = self.live[cancel.target]
        qty = order.open_qty if cancel.qty == NONE else min(cancel.qty, order.open_qty)
        self.cancel_live(order, qty, Reason.USER)

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
            self.enter_again(order)

    def enter_again(self, order: Order) -> None:
        """A replaced order that lost its place is matched like a new one before it rests."""
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
            self.cancel_live(order, order.open_qty, Reason.MASS_CANCEL)
        self.tell.done(mass_cancel, len(orders))

    def cancel_live(self, order: Order, qty: int, reason: Reason) -> None:
        """Take `qty` from an order between two commands, when it rests or waits."""
        if order.waits:
            self.cancel_waiting(order, qty, reason)
        else:
            self.cancel_resting(order, qty, reason)

    def instruments_of(self, command: Command) -> Iterable[int]:
        """The instruments whose stops a command may trigger: its own, but for a mass cancel."""
        if command.kind == CommandKind.MASS_CANCEL:
            return self.instruments
        return (command.instrument,) if command.instrument in self.instruments else ()

    def taken_by(self, mass_cancel: Command) -> list[Order]:
        """The orders that a mass cancel takes: account 0, instrument 0 and side NONE each mean any."""
        account, instrument, side = mass_cancel.account, mass_cancel.instrument, mass_cancel.side
        return [
            order
            for order in self.live.values()
            if account in (0, order.account) and instrument in (0, order.instrument) and side in (Side.NONE, order.side)
        ]


def order_of(new: Command) -> Order:
    """The order that an accepted command makes; the price of a market order or a stop is ignored."""
    return Order(
        id=new.order,
        instrument=new.instrument,
        account=new.account,
        side=new.side,
        type=new.type,
        tif=new.tif,
        post_only=is_post_only(new),
        price=new.price if new.type in LIMITED else NONE,
        open_qty=new.qty,
        stop=new.stop,
    )


def placed(number: int, side: int, queued: Iterable[tuple[int, Order]]) -> Iterator[Row]:
    """The rows of orders that come price by price, each with its place among those of its price."""
    place, last = 0, NONE
    for price, order in queued:
        place = place + 1 if price == last else 0
        last = price
        yield number, side, price, place, order.id, order.open_qty
