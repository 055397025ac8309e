"""Talks to a reference engine in lines of text."""

from __future__ import annotations

from engines.reference.engine import ReferenceEngine
from engines.reference.layout import Capacities
from harness.base.capabilities import Conventions, Instrument
from harness.base.records import Event, commands_of, event_rows
from harness.base.words import say_event
from tests.fakes.lines import commands

WIDE = (
    Instrument(id=1, symbol="ONE", price_min=-(2**40), price_max=2**40, qty_max=100),
    Instrument(id=2, symbol="TWO", price_min=-(2**40), price_max=2**40, qty_max=100),
)


def engine(orders: int = 1_000, pages: int = 100, **conventions: str) -> ReferenceEngine:
    """An engine in which an account may trade with itself, unless a convention says otherwise."""
    return ReferenceEngine(WIDE, Conventions(**conventions), Capacities(orders, pages))


def rows(reference: ReferenceEngine, lines: str) -> list[Event]:
    """The events that answer the lines."""
    return event_rows(reference.submit(commands_of(commands(lines))))


def says(reference: ReferenceEngine, lines: str) -> str:
    """The events that answer the lines, in words, parted by semicolons."""
    return "; ".join(map(say_event, rows(reference, lines)))


def book(reference: ReferenceEngine) -> str:
    """The resting orders in digest order: side, price, id x quantity."""
    shown = (f"{'BS'[side]}{price} #{order}x{left}" for _, side, price, _, order, left in reference.snapshot().tolist())
    return "; ".join(shown)
