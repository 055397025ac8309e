"""What the verifier says of the events that answer lines of text, right or with one of them changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.records import Command, Event
from harness.oracle.model import Model
from harness.oracle.verifier.breach import Breach
from harness.oracle.verifier.codes import Code
from harness.oracle.verifier.verifier import Verifier
from tests.fakes.every_term import FREE
from tests.fakes.history import ALL, segments
from tests.fakes.lines import commands

Change = Callable[[list[Event]], list[Event]]


def answers(
    asked: Sequence[Command], conventions: Conventions | None = None, instruments: tuple[Instrument, ...] = FREE
) -> list[Event]:
    """The events that the model demands."""
    model = Model(instruments, conventions or Conventions(), ALL)
    return [event for command in asked for event in model.apply(command)]


def follow(
    asked: Sequence[Command],
    events: Sequence[Event],
    conventions: Conventions | None = None,
    instruments: tuple[Instrument, ...] = FREE,
    capabilities: Capabilities = ALL,
    size: int = 2**31,
    late: int = 0,
) -> tuple[Verifier, list[Code]]:
    """The verifier behind the history, and the code of each event."""  # fmt: skip
    verifier = Verifier(instruments, conventions or Conventions(), capabilities)
    told = [verifier.follow(segment) for segment in segments(asked, events, size, late)]
    return verifier, [Code(code) for code in np.concatenate(told).tolist()]


def breaches(
    lines: str, change: Change | None = None, instruments: tuple[Instrument, ...] = FREE, **conventions: str
) -> list[Breach]:
    """What is wrong with the model's answer to the lines once it was changed, its end included."""
    asked, rules = commands(lines), Conventions(**conventions)
    events = answers(asked, rules, instruments)
    verifier, _ = follow(asked, change(events) if change else events, rules, instruments)
    return [*verifier.breaches, *filter(None, (verifier.unfinished(),))]


def says(lines: str, change: Change | None = None, **more: object) -> str:
    """The codes of the breaches with the numbers of their commands, or nothing."""
    return "; ".join(f"{one.code.name.lower()} {one.number}" for one in breaches(lines, change, **more))


def at(place: int, **fields: int) -> Change:
    """Other fields for the event at a place."""
    return lambda events: [*events[:place], events[place]._replace(**fields), *events[place:][1:]]


def lacks(place: int) -> Change:
    """The event at a place is lost."""
    return lambda events: [*events[:place], *events[place:][1:]]


def has(place: int, event: Event) -> Change:
    """One event more, before the one at a place."""
    return lambda events: [*events[:place], event, *events[place:]]


def swapped(place: int) -> Change:
    """The event at a place and the next one change places."""
    return lambda events: [*events[:place], events[place + 1], events[place], *events[place + 2 :]]
