"""Talks to a plain engine in lines of text, and gives its answers in words."""

from __future__ import annotations

from typing import Any

from engines.plain.engine import PlainEngine
from harness.base.capabilities import Conventions, Instrument, RiskLimits
from harness.base.reasons import reason_name
from harness.base.records import Event, EventKind, commands_of, event_rows
from harness.base.words import say_event
from tests.fakes.lines import commands

INSTRUMENTS = (
    Instrument(id=1, symbol="ONE", price_min=1, price_max=1_000, qty_min=1, qty_max=100),
    Instrument(id=2, symbol="TWO", price_min=-50, price_max=50, qty_min=10, qty_max=10),
)


def engine(**conventions: str) -> PlainEngine:
    """An engine in which an account may trade with itself, unless a convention says otherwise."""
    return PlainEngine(INSTRUMENTS, Conventions(**conventions))


def held_back(price_step: int = 1, **limits: Any) -> PlainEngine:
    """An engine of one instrument of wide bounds that has these risk limits."""
    bounds = {"price_min": -(2**62), "price_max": 2**62, "qty_max": 2**62}
    return PlainEngine(
        (Instrument(id=1, symbol="ONE", price_step=price_step, risk=RiskLimits(**limits), **bounds),), Conventions()
    )


def rows(plain: PlainEngine, lines: str) -> list[Event]:
    """The events that answer the lines."""
    return event_rows(plain.submit(commands_of(commands(lines))))


def says(plain: PlainEngine, lines: str) -> str:
    """The events that answer the lines, in words, parted by semicolons."""
    return "; ".join(map(say_event, rows(plain, lines)))


def refusal(plain: PlainEngine, line: str) -> str:
    """The reason by which the last of the lines is refused, in words; empty where it is not."""
    last = rows(plain, line)[-1]
    refused = (EventKind.REJECTED, EventKind.CANCEL_REJECTED, EventKind.REPLACE_REJECTED)
    return reason_name(last.reason) if last.kind in refused else ""


def triggered(plain: PlainEngine, lines: str) -> list[int]:
    """The orders that the lines trigger, in order."""
    return [event.order for event in rows(plain, lines) if event.kind == EventKind.TRIGGERED]


def trade_at(price: int) -> str:
    """Two lines that make one trade and leave nothing."""
    return f"S {price}x1 #901 a8; B {price}x1 #902 a9"


def book(plain: PlainEngine, instrument: int = 1) -> str:
    """The live orders of an instrument in the order they stand: price, id x quantity; a waiting stop has a @ at its price."""
    shown = [
        f"{('B', 'S', 'B@', 'S@')[side]}{price} #{order}x{remaining}"
        for number, side, price, _, order, remaining in plain.snapshot().tolist()
        if number == instrument
    ]
    return "; ".join(shown)
