"""Python objects without a book, for the bench `adapters`: each accepts every order and refuses the rest."""

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
        if command.kind == CommandKind.NEW:
            return (Event(command.number, command.order, kind=EventKind.ACCEPTED, instrument=command.instrument),)
        return (Event(command.number, command.target, kind=EventKind.CANCEL_REJECTED, instrument=command.instrument),)


class Batch:
    """Called with whole arrays."""

    def __init__(self, setup: Any) -> None:
        """It has nothing to keep."""

    def submit_batch(self, commands: Commands) -> Events:
        """An answer to each."""
        events = np.zeros(len(commands), EVENT)
        is_new = commands["kind"] == CommandKind.NEW
        events["command"], events["instrument"] = commands["number"], commands["instrument"]
        events["order"] = np.where(is_new, commands["order"], commands["target"])
        events["kind"] = np.where(is_new, EventKind.ACCEPTED, EventKind.CANCEL_REJECTED)
        return events
