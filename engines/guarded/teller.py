"""The plain engine's teller with what the stage adds to it: stamps, halts and resumptions, in one row of numbers with all other events."""

from __future__ import annotations

from engines.plain.teller import Teller
from harness.base.records import Command, Event, EventKind, Events


class StampedTeller(Teller):
    """Tells what the stage and the engine behind it do."""

    def __init__(self) -> None:
        super().__init__()
        self._stamps: list[int] = []

    def stamped(self, stamp_ns: int) -> list[Event]:
        """What was told since the last time, which has the stamp from now on."""
        told = self._events[len(self._stamps) :]
        self._stamps += [stamp_ns] * len(told)
        return told

    def take(self) -> Events:
        """All that was told since it was taken the last time, numbered and stamped."""
        events = super().take()
        events["engine_ns"] = self._stamps
        self._stamps.clear()
        return events

    def by_operator(self, kind: EventKind, command: Command) -> None:
        """An operator's halt or resumption, which names the person."""
        self._tell(kind, command, command.order)

    def by_breaker(self, kind: EventKind, instrument: int) -> None:
        """A breaker's, which names the instrument alone."""
        self._events.append(Event(command=self._number, instrument=instrument, session=self._session, kind=kind))
