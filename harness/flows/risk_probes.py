"""Probes every control of a service: one below its limit, at it and one above, by every way in, many probes interleaved.

Each play of a probe has accounts, a firm and instruments of its own; so what one does changes nothing for the others, and they can be
interleaved in bursts of four over four sessions as the seed likes. It ends after so many rounds, of which half are about buying.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Self

from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.controls import Controls
from harness.base.notes import FlowNotes
from harness.base.records import Command, CommandKind, Commands, OrderType, TimeInForce, commands_of
from harness.base.seeds import Seed
from harness.flows import _probe_halts, _probe_rates, _probe_sums
from harness.flows._probe_desk import Desk, Probe, controls_of, instruments_of

PROBES: tuple[Probe, ...] = (*_probe_sums.PROBES, *_probe_rates.PROBES, *_probe_halts.PROBES)
BURST = 4
_MEANT = ("limit_change",)
"""Controls that hold nothing back by themselves."""


@dataclass(frozen=True, slots=True)
class RiskProbes:
    """So many rounds of all probes."""

    rounds: int = 6
    offered: frozenset[str] | None = None
    """What may be sent; None: all."""
    enforced: tuple[str, ...] | None = None
    """The controls to be probed; None: all."""

    def fitted(self, capabilities: Capabilities, conventions: Conventions) -> Self:
        """Without the controls that the engine does not enforce, and the commands that it does not offer."""
        del conventions
        return replace(self, offered=capabilities.offered(), enforced=capabilities.controls)

    def controls(self) -> Controls:
        """What the service must be given for these probes: what all plays declare."""
        return controls_of([probe.declares(desk) for probe, desk in self._plays()])

    def instruments(self) -> tuple[Instrument, ...]:
        return instruments_of(self.rounds * len(PROBES))

    def batches(self, seed: Seed) -> Iterator[Commands]:
        """A batch a round, its plays interleaved in bursts."""
        chance = seed.stream("interleaving")
        plays = [(probe, desk) for probe, desk in self._plays() if self._is_probed(probe)]
        for turn in range(self.rounds):
            waiting = [probe.play(desk) for probe, desk in plays if desk.turn == turn]
            sent: list[Command] = []
            while waiting:
                at = int(chance.integers(len(waiting)))
                burst = [command for _, command in zip(range(BURST), waiting[at], strict=False)]
                sent += filter(self._is_offered, burst)
                if len(burst) < BURST:
                    del waiting[at]
            yield commands_of(sent)

    def notes(self) -> FlowNotes:
        """Much of it is refused by intent: that is what it is for."""
        probed = dict.fromkeys(probe.control for probe in PROBES if self._is_probed(probe))
        left_out = dict.fromkeys(probe.control for probe in PROBES if not self._is_probed(probe))
        return FlowNotes(
            least_accepted=0.3,
            provokes=tuple(control for control in probed if control not in _MEANT),
            told={"probes": f"{len(PROBES)} probes in {self.rounds} rounds, of {', '.join(probed) or 'no control'}"},
            not_tested={f"control {control}": "the engine does not enforce it" for control in left_out},
        )

    def _plays(self) -> Iterator[tuple[Probe, Desk]]:
        """Every probe in every round, each with numbers of its own."""
        ids = count(1)
        for turn in range(self.rounds):
            for at, probe in enumerate(PROBES):
                yield probe, Desk(turn * len(PROBES) + at, turn, ids)

    def _is_probed(self, probe: Probe) -> bool:
        return self.enforced is None or probe.control in self.enforced

    def _is_offered(self, command: Command) -> bool:
        if self.offered is None:
            return True
        names = {CommandKind(command.kind).name.lower()}
        if command.kind == CommandKind.NEW:
            names |= {OrderType(command.type).name.lower(), TimeInForce(command.tif).name.lower()}
            names |= {"post_only"} if command.flags else set()
        return names <= self.offered


FLOW = RiskProbes
