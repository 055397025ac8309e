"""Commands and events in words: one line each, the same in findings, in reports and on a terminal.

A field that is absent is left out, so that a line never says more than the engine did.
"""

from __future__ import annotations

from enum import IntEnum

from harness.base.bits import WAITING
from harness.base.reasons import reason_name
from harness.base.records import NONE, Command, CommandKind, Event, EventKind, Flag, OrderType, Side, TimeInForce


def say_command(command: Command) -> str:
    """Such as "new buy 100 x 5 ioc #7 (account 1, instrument 2)"; day goes without saying, limit where it is no stop limit's."""
    if command.kind == CommandKind.NEW:
        return f"{_new(command)}{_place(command.account, command.instrument)}"
    if command.kind == CommandKind.CANCEL:
        amount = "" if command.qty == NONE else f"{command.qty} of "
        return f"cancel {amount}#{command.target}{_place(command.account, command.instrument)}"
    if command.kind == CommandKind.REPLACE:
        renamed = "" if command.order == command.target else f" by #{command.order}"
        terms = _terms(command.price, command.qty)
        return f"replace #{command.target}{renamed}: {terms}{_place(command.account, command.instrument)}"
    if command.kind == CommandKind.MASS_CANCEL:
        side = "" if command.side == Side.NONE else f" {_name(Side, command.side)}"
        return f"mass cancel of all{side} orders{_place(command.account, command.instrument)}"
    return f"{_name(CommandKind, command.kind)}{_place(command.account, command.instrument)}"


def say_event(event: Event) -> str:
    """Such as "trade #9 with #4 at 100 x 5, 3 left" or "canceled 5 of #9 (self trade), 0 left"."""
    order = f" #{event.order}" if event.order else ""
    left = "" if event.remaining == NONE else f", {event.remaining} left"
    because = f" ({reason_name(event.reason)})" if event.reason else ""
    line = f"{_name(EventKind, event.kind)}{order}{because}"
    match event.kind:
        case EventKind.ACCEPTED:
            terms = _terms(event.price, event.qty)
            line = f"accepted{order}{f', {terms}' if terms else ''}"
        case EventKind.RESTED | EventKind.TRIGGERED:
            line = f"{_name(EventKind, event.kind)}{order}{_at(event.price)}{left}"
        case EventKind.TRADE:
            maker = f" with #{event.maker}" if event.maker else ""
            amount = "" if event.qty == NONE else f" x {event.qty}"
            line = f"trade{order}{maker}{_at(event.price)}{amount}{left}"
        case EventKind.CANCELED:
            amount = "" if event.qty == NONE else f" {event.qty} of"
            line = f"canceled{amount}{order}{because}{left}"
        case EventKind.REPLACED:
            renamed = f" by #{event.new_order}" if event.new_order not in (0, event.order) else ""
            line = f"replaced{order}{renamed}{_at(event.price)}{left}"
        case EventKind.DONE:
            line = "done" if event.qty == NONE else f"done, {event.qty} {'order' if event.qty == 1 else 'orders'}"
    return line


def say_events(events: list[Event]) -> str:
    """The lines of several events, one under the other, or "nothing"."""
    return "\n".join(map(say_event, events)) or "nothing"


def side_name(side: int) -> str:
    """The words buy or sell, or the bare number where it is neither."""
    return _name(Side, side)


def book_side_name(side: int) -> str:
    """A side as a book shows it: buy, sell, buy stop or sell stop."""
    waits = side in (Side.BUY + WAITING, Side.SELL + WAITING)
    return f"{side_name(side - WAITING)} stop" if waits else side_name(side)


def _new(command: Command) -> str:
    words = ["new", _name(Side, command.side), *_prices(command)]
    words += [f"x {command.qty}"] * (command.qty != NONE)
    words += [f"min {command.min_qty}"] * (command.min_qty != NONE)
    if command.tif != TimeInForce.DAY:
        words.append(_name(TimeInForce, command.tif))
    if command.flags & Flag.POST_ONLY:
        words.append("post-only")
    words.append(f"#{command.order}")
    return " ".join(words)


def _prices(command: Command) -> list[str]:
    """Its type, the prices that this gives it, and a stop price even where none belongs."""
    price, stop = _number(command.price), _number(command.stop)
    stray = ["stop", *stop] if stop else []
    match command.type:
        case OrderType.LIMIT:
            return [*price, *stray]
        case OrderType.STOP:
            return ["stop", *stop]
        case OrderType.STOP_LIMIT:
            return ["stop", *stop, "limit", *price]
    return [_name(OrderType, command.type), *stray]


def _number(value: int) -> list[str]:
    return [] if value == NONE else [str(value)]


def _terms(price: int, qty: int) -> str:
    amount = "" if qty == NONE else f"x {qty}"
    return amount if price == NONE else f"{price} {amount}".strip()


def _at(price: int) -> str:
    return "" if price == NONE else f" at {price}"


def _place(account: int, instrument: int) -> str:
    parts = [f"account {account}"] * bool(account) + [f"instrument {instrument}"] * bool(instrument)
    return f" ({', '.join(parts)})" if parts else ""


def _name(enum: type[IntEnum], code: int) -> str:
    """The code's name in lower case, or what it is where the table does not hold it."""
    return enum(code).name.lower().replace("_", " ") if code in enum.__members__.values() else f"{enum.__name__} {code}"
