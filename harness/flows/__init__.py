"""The socket of the flows: a seeded, reproducible source of commands.

A new flow is one file here: a frozen dataclass, and the public name `FLOW` bound to it. A flow yields batches of commands. It
fills order, target, price, qty, instrument, account, session, kind, type, tif, side and flags, and leaves number, due and
sent times to the instrument. A flow of several accounts sends all through session 1, as a gateway does: so their order is known.
Most flows never end: the instrument bounds them. What several flows share stands in files that begin with an underscore.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, Self, runtime_checkable

import numpy as np

from harness.base.bits import copied
from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.notes import FlowNotes
from harness.base.records import COMMAND, Commands, Int64Array
from harness.base.seeds import Seed


@runtime_checkable
class Flow(Protocol):
    """A source of commands."""

    def fitted(self, capabilities: Capabilities, conventions: Conventions) -> Self:
        """The same flow without what the engine does not offer; what of it the capabilities do not tell stands in the notes."""
        ...

    def instruments(self) -> tuple[Instrument, ...]:
        """The instruments that it trades, with the bounds of its prices and quantities."""
        ...

    def batches(self, seed: Seed) -> Iterator[Commands]:
        """The commands in order; the same seed gives the same commands, byte for byte."""
        ...

    def notes(self) -> FlowNotes:
        """What the judge needs to know of it; complete once the batches are drawn."""
        ...


@runtime_checkable
class Timed(Flow, Protocol):
    """A flow whose commands have times of their own, such as a recording."""

    def times_ns(self) -> Int64Array:
        """When each command came, in ns from any origin, never going back; NONE for what is sent ahead of them, and where no times are known."""
        ...

    def looped(self) -> Self:
        """The same, beginning again whenever it ends: as many commands each time, at the same times from its beginning."""
        ...


def numbered(batches: Iterator[Commands], count: int) -> Iterator[Commands]:
    """Copies of the first `count` commands of a flow, numbered from 1, in its own batches; fewer where it ends before."""
    number = 0
    while number < count and (batch := next(batches, None)) is not None:
        commands = copied(batch[: count - number])
        commands["number"] = np.arange(number + 1, number + 1 + len(commands), dtype=np.uint64)
        number += len(commands)
        yield commands


def first_commands(batches: Iterator[Commands], count: int) -> Commands:
    """The same in one array."""
    return np.concatenate([np.zeros(0, COMMAND), *numbered(batches, count)], dtype=COMMAND)
