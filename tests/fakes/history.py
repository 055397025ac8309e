"""Histories made by hand: what a fold is given, without an engine, a journal or a folder.

The builders give rows of `records` with every field that a rule determines; `numbered` numbers the commands from 1, and
`segments` cuts a history the way a journal does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from harness.base.bits import BOOK_ROW, BookRows
from harness.base.capabilities import CONTROLS, Capabilities, Conventions, Instrument
from harness.base.findings import Facts
from harness.base.notes import FlowNotes
from harness.base.records import (
    NONE,
    Command,
    CommandKind,
    Commands,
    Event,
    EventKind,
    Events,
    Flag,
    OrderType,
    Role,
    Side,
    TimeInForce,
    commands_of,
    events_of,
)  # fmt: skip
from harness.evidence.fold import Fold, RunInfo, Segment

BUY, SELL = int(Side.BUY), int(Side.SELL)
LIMIT, MARKET = int(OrderType.LIMIT), int(OrderType.MARKET)
STOP, STOP_LIMIT = int(OrderType.STOP), int(OrderType.STOP_LIMIT)
DAY, IOC, FOK, GTC = int(TimeInForce.DAY), int(TimeInForce.IOC), int(TimeInForce.FOK), int(TimeInForce.GTC)
POST_ONLY = int(Flag.POST_ONLY)

ALL = Capabilities(
    commands=("new", "cancel", "replace", "mass_cancel"),
    types=("limit", "market", "stop", "stop_limit"),
    tifs=("day", "ioc", "fok", "gtc"),
    flags=("post_only",),
    terms=("min_qty",),
    controls=CONTROLS,
    carries=tuple(field for field in Event._fields if field not in ("command", "order", "kind", "instrument")),
    order_of_sessions="engine_sequence",
    book=("snapshot",),
    reset="call",
)
"""An engine that offers every rule of the page and tells every field."""

INSTRUMENTS = (
    Instrument(id=1, symbol="ONE", price_max=10_000, qty_max=1_000),
    Instrument(id=2, symbol="TWO", price_max=10_000, qty_max=1_000),
)


def info(**overrides: Any) -> RunInfo:
    """A run of an engine that offers everything, over instruments 1 and 2; any field of RunInfo may be given."""
    fields: dict[str, Any] = {
        "scenario": "made", "engine": "made", "capabilities": ALL, "conventions": Conventions(),
        "instruments": INSTRUMENTS, "notes": FlowNotes(),
    }  # fmt: skip
    return RunInfo(**(fields | overrides))


def no_book(number: int) -> BookRows:
    """The book of a run that left no snapshot: no rows."""
    return np.zeros(0, BOOK_ROW)


def segments(
    commands: Commands | Sequence[Command], events: Events | Sequence[Event], size: int = 2**31, late: int = 0
) -> list[Segment]:
    """The history cut into segments of `size` commands; each event stands `late` segments after the command it answers.

    Events keep their order of arrival, so one may stand in a still later segment; an event that names no command, or one
    that was never sent, stands with the event before it.
    """
    if not isinstance(commands, np.ndarray):
        commands = commands_of(list(commands))
    if not isinstance(events, np.ndarray):
        events = events_of(list(events))
    place = {number: index // size + late for index, number in enumerate(commands["number"].tolist())}
    wanted = np.array([place.get(number, 0) for number in events["command"].tolist()], np.int64)
    stands = np.maximum.accumulate(wanted)
    count = max(-(-len(commands) // size), int(stands[-1]) + 1 if len(stands) else 1)
    return [Segment(commands[size * at : size * (at + 1)], events[stands == at]) for at in range(count)]


def folded(fold: Fold, history: list[Segment]) -> Facts:
    """What the fold found out in the history."""
    for segment in history:
        fold.add(segment)
    return fold.facts()


def numbered(rows: Sequence[Command]) -> list[Command]:
    """The commands with their numbers, from 1."""
    return [row._replace(number=number) for number, row in enumerate(rows, 1)]


_ABSENT = Command(0, 0, 0, *[NONE] * 8, 0, 0, 0, 0, 0, 0, int(Side.NONE), 0)


def new(order: int, side: int, price: int, qty: int, tif: int = DAY, *, account: int = 1, **more: Any) -> Command:
    """A new limit order; `type=MARKET`, `flags=POST_ONLY`, `instrument=2` and the like by name."""
    fields: dict[str, Any] = {
        "kind": int(CommandKind.NEW), "order": order, "side": side, "price": price, "qty": qty, "tif": tif,
        "account": account, "type": LIMIT, "instrument": 1, "session": account,
    }  # fmt: skip
    return _ABSENT._replace(**(fields | more))


def market(order: int, side: int, qty: int, *, account: int = 1, **more: Any) -> Command:
    """A new market order."""
    return new(order, side, NONE, qty, account=account, **({"type": MARKET} | more))


def stop(order: int, side: int, at: int, qty: int, price: int = NONE, *, account: int = 1, **more: Any) -> Command:
    """A new stop that waits for the price `at`; with a `price` of its own a stop limit."""
    kind = STOP if price == NONE else STOP_LIMIT
    return new(order, side, price, qty, account=account, **({"type": kind, "stop": at} | more))


def cancel(target: int, qty: int = NONE, *, account: int = 1, **more: Any) -> Command:
    """A cancel of all that is open, or of `qty`."""
    fields: dict[str, Any] = {
        "kind": int(CommandKind.CANCEL), "order": target, "target": target, "qty": qty, "account": account,
        "instrument": 1, "session": account,
    }  # fmt: skip
    return _ABSENT._replace(**(fields | more))


def replace(target: int, order: int, price: int, qty: int, *, account: int = 1, **more: Any) -> Command:
    """A replace of `target` that makes it `order`, at a new price and quantity."""
    fields: dict[str, Any] = {
        "kind": int(CommandKind.REPLACE), "order": order, "target": target, "price": price, "qty": qty,
        "account": account, "instrument": 1, "session": account,
    }  # fmt: skip
    return _ABSENT._replace(**(fields | more))


def mass_cancel(account: int = 0, instrument: int = 0, side: int = Side.NONE) -> Command:
    """A mass cancel; the defaults take everything."""
    return _ABSENT._replace(
        kind=int(CommandKind.MASS_CANCEL), account=account, instrument=instrument, side=int(side), session=account
    )


def accepted(command: Command) -> Event:
    """The event that accepts a new order."""
    return Event(
        command=command.number, kind=int(EventKind.ACCEPTED), order=command.order, price=command.price, qty=command.qty,
        remaining=command.qty, instrument=command.instrument, account=command.account, side=command.side,
    )  # fmt: skip


def rested(command: Command, remaining: int) -> Event:
    """The event that puts what is left of a new order into the queue."""
    return accepted(command)._replace(kind=int(EventKind.RESTED), qty=NONE, remaining=remaining)


def triggered(command: Command, remaining: int, *, cause: Command | None = None) -> Event:
    """The event that carries a stop out; `cause` is the command within which it happens, if not its own."""
    return accepted(command)._replace(
        command=(cause or command).number,
        kind=int(EventKind.TRIGGERED),
        price=command.stop,
        qty=remaining,
        remaining=remaining,
    )


def trade(command: Command, maker: int, price: int, qty: int, remaining: int, *, match: int = 0) -> Event:
    """A trade of a new order as the taker; `remaining` is the taker's."""
    return accepted(command)._replace(
        kind=int(EventKind.TRADE),
        maker=maker,
        price=price,
        qty=qty,
        remaining=remaining,
        match=match,
        role=int(Role.BOTH),
    )


def canceled(command: Command, order: int, qty: int, remaining: int, reason: int, *, price: int = NONE) -> Event:
    """What a command canceled of an order."""
    return Event(
        command=command.number, kind=int(EventKind.CANCELED), order=order, price=price, qty=qty, remaining=remaining,
        reason=int(reason), instrument=command.instrument, account=command.account, side=command.side,
    )  # fmt: skip


def rejected(command: Command, reason: int) -> Event:
    """The refusal of any kind of command."""
    kinds = {
        CommandKind.CANCEL: EventKind.CANCEL_REJECTED, CommandKind.REPLACE: EventKind.REPLACE_REJECTED,
    }  # fmt: skip
    kind = kinds.get(CommandKind(command.kind), EventKind.REJECTED)
    order = command.order if kind is EventKind.REJECTED else command.target
    return Event(
        command=command.number, kind=int(kind), order=order, instrument=command.instrument, account=command.account,
        reason=int(reason), side=command.side, price=command.price, qty=command.qty,
    )  # fmt: skip
