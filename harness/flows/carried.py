"""What of another flow every relation carries, in episodes: the tape of a scenario whose instrument changes it by relations.

Its instruments are those of the other flow without risk limits, and with wide bounds, so that prices can be moved far and quantities
multiplied by much. An episode ends by canceling all, and names no order of one before it: so the engine can be emptied in between and
nothing may change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

import msgspec
import numpy as np

from harness.base.capabilities import Capabilities, Conventions, Instrument, RiskLimits
from harness.base.notes import FlowNotes
from harness.base.records import COMMAND, CommandKind, Commands, empty_commands
from harness.base.seeds import Seed
from harness.flows import Flow
from harness.relations import carried, makes

WIDE_TICKS = 2**40
WIDE_LOTS = 2**31


@dataclass(frozen=True, slots=True)
class CarriedFlow:
    """As long as the other flow."""

    of: Flow
    episode: int = 1_000
    """How many commands of the other flow an episode is made of."""
    all_at_once: bool = True
    """Whether the engine offers mass cancels of all accounts."""

    def fitted(self, capabilities: Capabilities, conventions: Conventions) -> Self:
        of = self.of.fitted(capabilities, conventions)
        return replace(self, of=of, all_at_once=capabilities.cancels_all())

    def instruments(self) -> tuple[Instrument, ...]:
        return tuple(map(_wide, self.of.instruments()))

    def batches(self, seed: Seed) -> Iterator[Commands]:
        """An episode a batch."""
        before = np.zeros(0, np.uint64)
        for drawn in _cut(self.of.batches(seed), self.episode):
            own = drawn[~np.isin(drawn["order"], before) & ~np.isin(drawn["target"], before)]
            kept = own[carried(own, self.instruments())]
            # 0 is no id: commands that name no order have it.
            before = np.setdiff1d(np.concatenate((before, kept["order"], kept["target"])), 0)
            yield np.concatenate((kept, self._ending(kept)), dtype=COMMAND)

    def notes(self) -> FlowNotes:
        return self.of.notes()

    def _ending(self, commands: Commands) -> Commands:
        """What cancels all orders of the episode."""
        if self.all_at_once:
            ending = empty_commands(1)
            ending["kind"], ending["session"] = CommandKind.MASS_CANCEL, 1
            return ending
        made = commands[makes(commands)]
        ending = empty_commands(len(made))
        ending["kind"] = CommandKind.CANCEL
        ending["order"] = ending["target"] = made["order"]
        for field in ("account", "instrument", "session"):
            ending[field] = made[field]
        return ending


def _wide(instrument: Instrument) -> Instrument:
    return msgspec.structs.replace(
        instrument, risk=RiskLimits(), price_max=max(instrument.price_max, WIDE_TICKS),
        qty_max=max(instrument.qty_max, WIDE_LOTS),
    )  # fmt: skip


def _cut(batches: Iterator[Commands], count: int) -> Iterator[Commands]:
    """The same commands, so many a batch."""
    ahead = np.zeros(0, COMMAND)
    for batch in batches:
        ahead = np.concatenate((ahead, batch), dtype=COMMAND)
        while len(ahead) >= count:
            yield ahead[:count]
            ahead = ahead[count:]
    if len(ahead):
        yield ahead


FLOW = CarriedFlow
