"""The book as the engine told of it: what wishes are seen against where an engine holds accounts to controls, which no model foretells."""

from __future__ import annotations

from typing import Protocol

from harness.base.records import Command, CommandKind, Commands, EventKind, Events, Side, command_rows, event_rows
from harness.oracle.exposure.following import Exposure
from harness.port import Engine

_BROUGHT = (CommandKind.NEW, CommandKind.REPLACE)


class HasSide(Protocol):
    """A live order."""

    @property
    def side(self) -> int: ...


class Book(Protocol):
    """What a wish asks of a book."""

    def find(self, order: int) -> HasSide | None: ...

    def best(self, instrument: int, side: int) -> int | None: ...

    def last_trade(self, instrument: int) -> int | None: ...


class Seen:
    """Follows an engine with controls by what it tells, right or wrong: who judges it is somebody else."""

    def __init__(self, engine: Engine) -> None:
        self._exposure = Exposure(engine.instruments, engine.conventions, engine.capabilities, engine.controls)
        self._asked: dict[int, Command] = {}
        """The command that brought each order last, by order id."""

    def follow(self, commands: Commands, events: Events) -> None:
        """Take in one command and the events that came of it."""
        (command,) = command_rows(commands)
        for event in event_rows(events):
            self._exposure.turn_to(event)
            self._exposure.follow(command, event)
            if command.kind in _BROUGHT and event.kind in (EventKind.ACCEPTED, EventKind.REPLACED):
                self._asked[command.order] = command

    def find(self, order: int) -> HasSide | None:
        """The live order with this id."""
        return self._exposure.orders.live.get(order)

    def best(self, instrument: int, side: int) -> int | None:
        """The best price of a side; None where nothing is open."""
        prices = [
            self._asked[number].price
            for number, order in self._exposure.orders.live.items()
            if (order.instrument, order.side, order.waits) == (instrument, side, False) and number in self._asked
        ]
        if not prices:
            return None
        return max(prices) if side == Side.BUY else min(prices)

    def last_trade(self, instrument: int) -> int | None:
        """The price of the instrument's last trade; None before the first."""
        return self._exposure.orders.last_trades.get(instrument)
