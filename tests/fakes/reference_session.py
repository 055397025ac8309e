"""Talks to a reference engine in lines of text."""

from __future__ import annotations

from typing import Any

from engines.reference.engine import ReferenceEngine
from engines.reference.layout import Capacities
from harness.base.capabilities import Conventions, Instrument, RiskLimits
from harness.base.reasons import reason_name
from harness.base.records import Event, EventKind, commands_of, event_rows
from harness.base.words import say_event
from tests.fakes.lines import commands

WIDE = (
    Instrument(id=1, symbol="ONE", price_min=-(2**40), price_max=2**40, qty_max=100),
    Instrument(id=2, symbol="TWO", price_min=-(2**40), price_max=2**40, qty_max=100),
)


def engine(orders: int = 1_000, pages: int = 100, **conventions: str) -> ReferenceEngine:
    """An engine in which an account may trade with itself, unless a convention says otherwise."""
    return ReferenceEngine(WIDE, Conventions(**conventions), Capacities(orders, pages))


def held_back(price_step: int = 1, **limits: Any) -> ReferenceEngine:
    """An engine of one instrument of wide bounds that has these risk limits."""
    bounds = {"price_min": -(2**62), "price_max": 2**62, "qty_max": 2**62}
    one = Instrument(id=1, symbol="ONE", price_step=price_step, risk=RiskLimits(**limits), **bounds)
    return ReferenceEngine((one,), Conventions(), Capacities(1_000, 100))


def rows(reference: ReferenceEngine, lines: str) -> list[Event]:
    """The events that answer the lines."""
    return event_rows(reference.submit(commands_of(commands(lines))))


def says(reference: ReferenceEngine, lines: str) -> str:
    """The events that answer the lines, in words, parted by semicolons."""
    return "; ".join(map(say_event, rows(reference, lines)))


def refusal(reference: ReferenceEngine, line: str) -> str:
    """The reason by which the last of the lines is refused, in words; empty where it is not."""
    last = rows(reference, line)[-1]
    refused = (EventKind.REJECTED, EventKind.CANCEL_REJECTED, EventKind.REPLACE_REJECTED)
    return reason_name(last.reason) if last.kind in refused else ""


def book(reference: ReferenceEngine) -> str:
    """The live orders in digest order: side, price, id x quantity; a waiting stop has a @ at its price."""
    shown = (
        f"{('B', 'S', 'B@', 'S@')[side]}{price} #{order}x{left}"
        for _, side, price, _, order, left in reference.snapshot().tolist()
    )
    return "; ".join(shown)
