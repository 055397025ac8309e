"""The events of an engine that obeys the rules, for tests that then break one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harness.base.capabilities import Conventions
from harness.base.records import Command, Event
from harness.oracle.model import Model
from tests.fakes.history import ALL, INSTRUMENTS


def right_events(commands: Sequence[Command], conventions: Conventions | None = None) -> list[Event]:
    """What answers the commands, as the model has it."""
    model = Model(INSTRUMENTS, conventions or Conventions(), ALL)
    return [event for command in commands for event in model.apply(command)]


def changed(events: Sequence[Event], at: int, **fields: Any) -> list[Event]:
    """The events, the one at index `at` with other fields."""
    return [*events[:at], events[at]._replace(**fields), *events[at:][1:]]


def without(events: Sequence[Event], at: int) -> list[Event]:
    """The events but the one at index `at`."""
    return [*events[:at], *events[at:][1:]]
