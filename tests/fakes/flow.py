"""A flow of plain buy orders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from harness.base.capabilities import Instrument
from harness.base.notes import FlowNotes
from harness.base.records import CommandKind, OrderType, Side, TimeInForce, empty_commands


@dataclass(frozen=True)
class FakeFlow:
    """`count` orders, or without end; `session` of each may vary."""

    count: int = 0
    sessions: int = 1
    batch: int = 100

    def fitted(self, capabilities, conventions):
        return self

    def instruments(self):
        return (Instrument(id=1, symbol="X"),)

    def batches(self, seed):
        number = 0
        while not self.count or number < self.count:
            count = min(self.batch, self.count - number) if self.count else self.batch
            commands = empty_commands(count)
            commands["order"] = np.arange(number + 1, number + 1 + count)
            commands["session"] = commands["order"] % self.sessions + 1
            commands["kind"], commands["type"], commands["tif"] = CommandKind.NEW, OrderType.LIMIT, TimeInForce.DAY
            commands["side"], commands["price"], commands["qty"], commands["instrument"] = Side.BUY, 100, 1, 1
            number += count
            yield commands

    def notes(self):
        return FlowNotes()
