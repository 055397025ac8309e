"""The operations of an engine inside gonogo's process that are timed one by one, and those that every book of orders has.

A single call of Python costs more than a single operation of a fast engine, so operations are timed in batches: a call carries out many,
then what it changed is put back, untimed. Each call meets the same book: 5,000 bids and 5,000 asks over 100 levels a side, and what the
operation needs beside. New orders have ids that never were before, as in trading; so no engine needs to take an id twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias, TypeVar

import msgspec
import numpy as np

from harness.base.capabilities import Capabilities, Instrument, RiskLimits
from harness.base.controls import NO_CONTROLS, AccountControls, Controls, FirmControls, InstrumentControls, Rate
from harness.base.errors import EngineDiedError
from harness.base.records import (
    CommandKind,
    Commands,
    EventKind,
    Events,
    Int64Array,
    OrderType,
    Side,
    TimeInForce,
    empty_commands,
)


class Operation(NamedTuple):
    """One operation, ready to be timed."""

    batch: int
    """How many of it a call carries out."""
    call: Callable[[], Any]
    """What is timed."""
    restore: Callable[[Any], None]
    """Given what the call gave, untimed: looks whether it was right, and puts back what it changed. Raises an EngineError where it was not."""
    idle: Callable[[], Any] = lambda: None
    """The same call with nothing to carry out: what it costs is no part of the operation."""


class Offered(NamedTuple):
    """An operation that an engine offers."""

    about: str
    prepare: Callable[[], Operation]
    """Makes it ready, on an engine of its own; called once, in a process of its own."""
    against: str = ""
    """The name of another operation, beside which its time says something."""


Offers: TypeAlias = Mapping[str, Offered]
"""Operations by name."""
Calling: TypeAlias = Callable[[Commands], Callable[[], Events]]
"""An engine that is up: takes commands, and gives the call that carries them out. Its events may be of memory that the next call writes over."""
Starting: TypeAlias = Callable[[tuple[Instrument, ...], Controls], Calling]
"""Brings up an empty engine for these instruments and controls."""

Rows = TypeVar("Rows", Commands, Int64Array)

COUNT = 5_000
"""Operations a call; of those that take many orders, as many as take so many."""
LEVELS, EACH = 100, 50
"""Levels of each side of the standing book, and orders of each level."""
MIDDLE = 1_000_000
QTY = 10
MAKER, TAKER = 1, 2
"""Accounts."""
FIRST = 1 + 2 * LEVELS * EACH
"""The first id that no standing order has."""
SCATTER = 617
"""Has no factor in common with any number of orders here: steps of it come to each of them, neighbours far apart."""

BOOK = Instrument(id=1, symbol="BOOK", price_min=1, price_max=2 * MIDDLE)
LIMITED_BOOK = msgspec.structs.replace(
    BOOK,
    risk=RiskLimits(
        order_qty_max=2**31, order_value_max=2**62, collar_ticks=MIDDLE, reference_price=MIDDLE, accounts=(MAKER, TAKER)
    ),
)
OFTEN = Rate(most=2**31, window_ns=1_000_000)
"""What a rate counts is forgotten after a millisecond: a memory that grew all along would be slower at the end."""
WIDE_CONTROLS = Controls(
    accounts=tuple(
        AccountControls(
            account=account, long_max=2**40, short_max=2**40, exposure_max=2**62, loss_max=2**62, messages=OFTEN, duplicates=OFTEN,
            repeats=OFTEN, restricted=(2,),
        )
        for account in (MAKER, TAKER)
    ),
    firms=(FirmControls(firm=1, long_max=2**40, short_max=2**40, exposure_max=2**62, messages=OFTEN),),
    instruments=(
        InstrumentControls(
            instrument=BOOK.id, qty_step=QTY, static_price=MIDDLE, static_ticks=MIDDLE, breaker_ticks=MIDDLE, volume_max=2**40,
            breaker_window_ns=1_000_000,
        ),
    ),
)  # fmt: skip
"""Every control, each too wide to hold anything back: it has to be looked at all the same."""


def of_orders(start: Starting, offered: Capabilities) -> Offers:
    """What a book of orders can be asked, as far as the engine offers it: `start` brings up an empty one each time."""

    def of(about: str, rounds: Callable[[], _Rounds], against: str = "", *, limited: bool = False) -> Offered:
        return Offered(about, lambda: _prepared(start, rounds(), limited=limited), against)

    found = {"add": of("a new order that rests behind others", _adds)}
    if offered.controls:
        about = "add, with every limit set that the engine enforces; none holds the order back"
        # Timed next, so that little can change on the machine between the two.
        found["risk_check"] = of(about, _adds, "add", limited=True)
    found["cancel"] = of("a cancel of a whole resting order, from among others", _cancels)
    if "replace" in offered.commands:
        found["replace"] = of("a replace that moves a resting order to the next level", _replaces)
    found["match_1"] = of("a new order that takes the whole of the best level, one order", lambda: _takes(1))
    found["match_10"] = of("a new order that takes the whole of the best ten levels, one order each", lambda: _takes(10))  # fmt: skip
    return found


class _Rounds(NamedTuple):
    """The commands of one operation."""

    before: Commands
    """What stands beside the standing book before each call."""
    timed: Commands
    undo: Commands
    """Puts back what the timed ones changed."""
    ids: int
    """How many ids a round uses up: by so many those of the next are higher."""
    told: EventKind
    """Of which event the timed commands lead to `wanted`."""
    wanted: int


class _Ready:
    """An engine with its book, and one operation on it."""

    def __init__(self, calling: Calling, rounds: _Rounds) -> None:
        self._calling, self._rounds = calling, rounds
        _carry_out(calling, _standing())
        _carry_out(calling, rounds.before)
        self._timed = calling(rounds.timed)

    def call(self) -> Events:
        return self._timed()

    def restore(self, events: Events) -> None:
        kind, wanted = self._rounds.told, self._rounds.wanted
        came = int(np.count_nonzero(events["kind"] == kind))
        if came != wanted:
            raise EngineDiedError(f"{len(self._rounds.timed):,} commands led to {came:,} times {kind.name.lower()}; wanted {wanted:,}")  # fmt: skip
        _carry_out(self._calling, self._rounds.undo)
        for commands in (self._rounds.timed, self._rounds.undo):
            for field in ("number", "order", "target"):
                # Of what names no order there is none to come.
                commands[field] += (commands[field] > 0) * np.uint64(self._rounds.ids)
        self._timed = self._calling(self._rounds.timed)


def _prepared(start: Starting, rounds: _Rounds, *, limited: bool) -> Operation:
    calling = start((LIMITED_BOOK,), WIDE_CONTROLS) if limited else start((BOOK,), NO_CONTROLS)
    ready = _Ready(calling, rounds)
    return Operation(len(rounds.timed), ready.call, ready.restore, calling(rounds.timed[:0]))


def _carry_out(calling: Calling, commands: Commands) -> None:
    calling(commands)()


def _adds() -> _Rounds:
    adds = _new(FIRST, _scattered(_bids_and_asks()))
    return _Rounds(adds[:0], adds, _cancels_of(adds), COUNT, EventKind.RESTED, COUNT)


def _cancels() -> _Rounds:
    adds = _new(FIRST, _bids_and_asks())
    again = adds.copy()
    again["order"] += np.uint64(COUNT)
    return _Rounds(adds, _scattered(_cancels_of(adds)), again, COUNT, EventKind.CANCELED, COUNT)


def _replaces() -> _Rounds:
    """They keep their ids, so that each round can replace the same orders."""
    adds = _new(FIRST, _bids_and_asks())
    back = _scattered(_cancels_of(adds))
    back["kind"], back["order"], back["qty"] = CommandKind.REPLACE, back["target"], QTY
    back["price"] = adds["price"][(back["target"] - np.uint64(FIRST)).astype(np.int64)]
    away = back.copy()
    away["price"] += np.where(away["price"] < MIDDLE, -1, 1)
    return _Rounds(adds, away, back, 0, EventKind.REPLACED, COUNT)


def _takes(levels: int) -> _Rounds:
    """Between the bids and the asks that stand there all along are as many levels of one order each as all calls of a round take."""
    makers = _new(FIRST, MIDDLE + np.arange(COUNT))
    takers = _new(FIRST + COUNT, makers["price"][levels - 1 :: levels])
    takers["account"], takers["side"], takers["qty"] = TAKER, Side.BUY, levels * QTY
    again = makers.copy()
    again["order"] += np.uint64(COUNT + len(takers))
    return _Rounds(makers, takers, again, COUNT + len(takers), EventKind.TRADE, COUNT)


def _standing() -> Commands:
    return _new(1, np.concatenate([_bids_and_asks()] * (2 * LEVELS * EACH // COUNT)))


def _bids_and_asks() -> Int64Array:
    """The prices of `COUNT` orders, as many on each level of both sides, in turns. The asks leave room for the levels that are taken."""
    level = np.arange(COUNT // 2) % LEVELS
    return np.stack([MIDDLE - 1 - level, MIDDLE + COUNT + level], axis=1).reshape(-1)


def _new(first: int, prices: Int64Array) -> Commands:
    """New orders at these prices that rest, numbered from `first` on."""
    orders = _commands(CommandKind.NEW, len(prices))
    orders["order"] = first + np.arange(len(prices))
    orders["price"], orders["qty"] = prices, QTY
    orders["side"] = np.where(prices < MIDDLE, Side.BUY, Side.SELL)
    orders["type"], orders["tif"] = OrderType.LIMIT, TimeInForce.DAY
    return orders


def _scattered(rows: Rows) -> Rows:
    """The rows in an order in which neighbours lie far apart."""
    return rows[np.arange(len(rows)) * SCATTER % len(rows)]


def _cancels_of(orders: Commands) -> Commands:
    cancels = _commands(CommandKind.CANCEL, len(orders))
    cancels["target"] = orders["order"]
    return cancels


def _commands(kind: CommandKind, count: int) -> Commands:
    commands = empty_commands(count)
    commands["kind"], commands["instrument"], commands["account"], commands["session"] = kind, BOOK.id, MAKER, 1
    commands["number"] = 1 + np.arange(count)
    return commands
