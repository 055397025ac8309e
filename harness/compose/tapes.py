"""Tapes: the first commands of the flows that users drive, for whoever tries an engine in memory."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from harness.base.capabilities import lie_within
from harness.base.errors import SetupError
from harness.base.seeds import Seed
from harness.compose import plugs
from harness.compose.plugs import EngineChoice
from harness.compose.trial import Trial, Tried
from harness.flows import first_commands
from harness.flows.cases import CasesFlow
from harness.flows.replay import ReplayFlow
from harness.instruments.relate import Relate

PROFILE = "quick"
"""The profile whose flows are driven."""
CONTROLLED = "risk"
"""The scenario that comes first: it is about controls, so it says most of an engine that has some and nothing of the others."""
SHORT, LONG = 2_000, 20_000
"""Commands a tape, first and where that was not enough."""
LOOKS = 10
"""How often the book is asked in a tape, unless the tape says otherwise."""


class Tape(NamedTuple):
    """So many commands of a scenario's flow; all checks where none is named."""

    scenario: str
    length: int
    checks: tuple[str, ...] = ()
    looks: int = LOOKS


def tapes(least_commands: int = 0, expected: tuple[str, ...] = ()) -> Iterator[Tape]:
    """The flows of the profile, that about controls first, short and then long, where that may be enough.

    A defect that needs more by its nature has one tape as long as that, and only the checks that are meant to see it look at it: all
    of them would take minutes.
    """
    if least_commands > LONG:
        yield Tape("poisson", least_commands + least_commands // 10, expected, looks=1)
        return
    others = (name for name in plugs.profiles()[PROFILE] if name != CONTROLLED)
    names = [CONTROLLED, *(name for name in others if not plugs.scenario(name).data)]
    for length in (SHORT, LONG):
        if length >= least_commands:
            yield from (Tape(name, length) for name in names)


def drive(choice: EngineChoice, tape: Tape, seed: int) -> Tried | None:
    """The tape on the engine; None where the scenario is about other instruments, conventions or controls than the engine's own.

    Raises:
        SetupError: the engine cannot be built.
    """
    scenario = plugs.scenario(tape.scenario)
    with Trial(choice, scenario.flow.instruments(), scenario.conventions, scenario.controls) as trial:
        if scenario.conventions is not None and trial.engine.conventions != scenario.conventions:
            return None
        fits = lie_within(trial.engine.instruments, scenario.flow.instruments())
        if trial.engine.controls != scenario.controls or not fits:
            return None
        flow = scenario.flow.fitted(trial.engine.capabilities, trial.engine.conventions)
        commands = first_commands(flow.batches(Seed(seed).branch(tape.scenario)), tape.length)
        return trial.run(
            commands, tape.checks or plugs.checks(), runs=scenario.instrument.settings().get("runs", 1),
            relations=plugs.relations() if isinstance(scenario.instrument, Relate) else (),
            snapshot_every=max(len(commands) // tape.looks, 1), notes=flow.notes(),
        )  # fmt: skip


def seeded(seed: int, length: int = SHORT) -> Tape:
    """The tape of this seed: of each flow that draws from a seed in turn."""
    names = _drawn()
    return Tape(names[seed % len(names)], length)


def drive_seeded(choice: EngineChoice, seed: int, length: int = SHORT) -> tuple[Tape, Tried]:
    """The tape of this seed on the engine; where that is about what the engine has not, such as controls, the next one in turn that is not.

    Raises:
        SetupError: the engine cannot be built, or no flow is about what it does.
    """
    for turn in range(seed, seed + len(_drawn())):
        tape = seeded(turn, length)
        done = drive(choice, tape, seed)
        if done is not None:
            return tape, done
    raise SetupError(f"no flow that draws from a seed is about what {choice.name} does")


@cache
def _drawn() -> tuple[str, ...]:
    """The scenarios whose flows draw from a seed; the one about controls comes last, since most engines have none."""
    names = (tape.scenario for tape in tapes() if tape.length == SHORT)
    drawn = (name for name in names if not isinstance(plugs.scenario(name).flow, CasesFlow | ReplayFlow))
    return tuple(sorted(drawn, key=lambda name: name == CONTROLLED))
