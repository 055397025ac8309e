"""Talks to a plain engine in lines of text, and gives its answers in words."""

from __future__ import annotations

from engines.plain.engine import PlainEngine
from harness.base.capabilities import Conventions, Instrument
from harness.base.records import Event, commands_of, event_rows
from harness.base.words import say_event
from tests.fakes.lines import commands

INSTRUMENTS = (
    Instrument(id=1, symbol="ONE", price_min=1, price_max=1_000, qty_min=1, qty_max=100),
    Instrument(id=2, symbol="TWO", price_min=-50, price_max=50, qty_min=10, qty_max=10),
)


def engine(**conventions: str) -> PlainEngine:
    """An engine in which an account may trade with itself, unless a convention says otherwise."""
    return PlainEngine(INSTRUMENTS, Conventions(**conventions))


def rows(plain: PlainEngine, lines: str) -> list[Event]:
    """The events that answer the lines."""
    return event_rows(plain.submit(commands_of(commands(lines))))


def says(plain: PlainEngine, lines: str) -> str:
    """The events that answer the lines, in words, parted by semicolons."""
    return "; ".join(map(say_event, rows(plain, lines)))


def book(plain: PlainEngine, instrument: int = 1) -> str:
    """The resting orders of an instrument in the order they stand: price, id x quantity."""
    shown = [
        f"{'BS'[side]}{price} #{order}x{remaining}"
        for number, side, price, _, order, remaining in plain.snapshot().tolist()
        if number == instrument
    ]
    return "; ".join(shown)
