"""Python objects without a book, for the bench `python_object`: each acknowledges every order and refuses the rest."""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.base.records import EVENT, Command, CommandKind, Commands, Event, EventKind, Events


class Single:
    """Called for each command."""

    def __init__(self, setup: Any) -> None:
        """It has nothing to keep."""

    def submit(self, command: Command) -> tuple[Event]:
        """Its answer."""
        kind = EventKind.ACCEPTED if command.kind == CommandKind.NEW else EventKind.CANCEL_REJECTED
        return (Event(command.number, command.order, kind=kind, instrument=command.instrument),)


class Batch:
    """Called with whole arrays."""

    def __init__(self, setup: Any) -> None:
        """It has nothing to keep."""

    def submit_batch(self, commands: Commands) -> Events:
        """An answer to each."""
        events = np.zeros(len(commands), EVENT)
        for field in ("order", "instrument"):
            events[field] = commands[field]
        events["command"] = commands["number"]
        is_new = commands["kind"] == CommandKind.NEW
        events["kind"] = np.where(is_new, EventKind.ACCEPTED, EventKind.CANCEL_REJECTED)
        return events
