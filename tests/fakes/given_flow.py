"""A flow of the very commands that a test gives it, in the batches that it gives them in."""

from __future__ import annotations

from dataclasses import dataclass

from harness.base.capabilities import Instrument
from harness.base.notes import FlowNotes
from harness.base.records import commands_of

INSTRUMENTS = (Instrument(id=1, symbol="X"),)


@dataclass(frozen=True)
class GivenFlow:
    """Ends where they end, or begins again and again."""

    batched: tuple[tuple, ...]
    """Rows of commands, by batch."""
    rounds: int = 1

    def fitted(self, capabilities, conventions):
        return self

    def instruments(self):
        return INSTRUMENTS

    def batches(self, seed):
        for _ in range(self.rounds):
            for rows in self.batched:
                yield commands_of(list(rows))

    def notes(self):
        return FlowNotes(least_accepted=0.5)
