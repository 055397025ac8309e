"""Searches an engine with the state machine, each seed another search, and makes what it finds a few commands.

Hypothesis mixes numbers that stand in the loaded modules of a project into what it draws, and has no setting that says otherwise. So a
seed is searched in a process that has loaded what every other search has loaded, be it alone or one of many: it draws the same again,
unless the engine loads modules of its own on the way, or another version of gonogo, of Hypothesis or of the engine is there.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from harness.base.clock import MonotonicClock
from harness.base.controls import NO_CONTROLS
from harness.base.errors import SetupError
from harness.base.exploration import MachineOutcome
from harness.base.records import Commands, commands_of
from harness.base.seeds import Seed
from harness.compose import plugs, shrinking
from harness.compose.again import Again
from harness.compose.plugs import EngineChoice
from harness.compose.spreading import DiedError, spread
from harness.compose.stepwise import Stepwise
from harness.compose.trial import Trial, Tried
from harness.evidence import failures
from harness.evidence.tape import StoredTape
from harness.flows.explored import CONTROLS, ExploredFlow
from harness.instruments import Context
from harness.instruments.explore import Explore, Searched
from harness.pacing import Unpaced
from harness.port import Engine
from harness.shrink.shrinker import Budget
from harness.shrink.tries import Sight

SHRINK_NS = 10_000_000_000
"""How long the commands of one finding are made fewer: seconds only where an engine is slow to answer or to start again."""


FLOW = ExploredFlow()
"""Only its instruments are used: the search draws its own commands."""


class Machines(NamedTuple):
    """Which seeds are searched, and how far each search goes."""

    seeds: range = range(0)
    examples: int = 50
    """Sequences that are tried, each on an empty engine."""
    steps: int = 30
    """Commands of a sequence, at most."""
    save: Path | None = None
    """Where what was found is kept as files; None: nowhere."""


DEFAULT = Machines()
DIED = "the process that held the engine died"


def searches(engine: str, machines: Machines) -> Iterator[MachineOutcome]:
    """What came of each seed, in order; searched on all cores and never in this process, which has loaded other modules."""
    left = list(machines.seeds)
    work = partial(search, engine, machines)
    try:
        for outcome in spread(work, tuple(left)):
            left.pop(0)
            yield _again(engine, machines, outcome)
    except DiedError:
        # An engine took its process along, and all that was under way with it.
        yield from (_again(engine, machines, outcome) for outcome in _one_by_one(work, left))


def _one_by_one(work: Callable[[int], MachineOutcome], seeds: list[int]) -> list[MachineOutcome]:
    """What comes of each seed in a process of its own: so it shows whose search it is that no process outlives."""
    outcomes = [_alone(work, seed) for seed in seeds]
    if not any(one.failure for one in outcomes):
        outcomes[0] = msgspec.structs.replace(
            outcomes[0], failure=f"{DIED}, with this seed or a later one, and not again"
        )
    return outcomes


def _alone(work: Callable[[int], MachineOutcome], seed: int) -> MachineOutcome:
    try:
        (outcome,) = spread(work, (seed,))
    except DiedError:
        return MachineOutcome(seed=seed, failure=DIED)
    return outcome


def _again(engine: str, machines: Machines, outcome: MachineOutcome) -> MachineOutcome:
    """With the command that searches this seed again, and nothing else, where something was found."""
    if not outcome.failed():
        return outcome
    words = [
        "gonogo",
        "explore",
        "--engine",
        engine,
        "--machines",
        "1",
        "--seed",
        str(outcome.seed),
        "--seeds",
        "0",
        "--no-cases",
    ]
    if (machines.examples, machines.steps) != (DEFAULT.examples, DEFAULT.steps):
        words += ["--examples", str(machines.examples), "--steps", str(machines.steps)]
    return msgspec.structs.replace(outcome, again=shlex.join(words))


def search(engine: str, machines: Machines, seed: int) -> MachineOutcome:
    """What comes of one seed."""
    choice = plugs.engine(engine)
    # Every other seed, an engine that can hold accounts to controls does so; to the others they mean nothing.
    with Trial(choice, FLOW.instruments(), controls=CONTROLS if seed % 2 else NO_CONTROLS) as trial:
        # No command at first: that starts the engine, and loads all that the checks need before anything is drawn.
        failure = _all(trial, commands_of([])).failure
        if failure:
            return MachineOutcome(seed=seed, failure=failure)
        explore = Explore(examples=machines.examples, steps=machines.steps)
        searched = explore.search(trial.engine, _context(seed, trial.engine), shorten=False)
        if not searched.failing:
            return MachineOutcome(seed=seed, commands=searched.sent, failure=searched.told)
        return _made_small(trial, choice, searched, machines.save, seed)


def _context(seed: int, engine: Engine) -> Context:
    held = engine.controls != NO_CONTROLS
    return Context(
        clock=MonotonicClock(), seed=Seed(seed), flow=FLOW, pacing=Unpaced(), probes=(), stopped=lambda: False,
        progress=lambda _: None, judge=Stepwise if held else None,
    )  # fmt: skip


def _made_small(trial: Trial, choice: EngineChoice, searched: Searched, save: Path | None, seed: int) -> MachineOutcome:
    """What all checks say of the failing commands, once as few are left as still show it."""
    tape = commands_of(searched.failing)
    first = next(iter(_all(trial, tape).findings()), None)
    if first is None:
        why = f"it answered otherwise when the same commands were sent again; before: {searched.told}"
        return MachineOutcome(seed=seed, commands=searched.sent, failure=why)
    again = Again(trial, first.check, first.kind)
    shrunk = shrinking.smaller(again, tape, Sight(first.first_command, first.orders), _budget())
    tape = shrunk.tape if shrunk else tape
    findings = _all(trial, tape).findings()
    # The seed is a part of the name, so that no other process writes the same files.
    name = msgspec.structs.replace(first, scenario=f"machine {seed}").id(choice.name)
    stored, script = shrinking.stored_as(again, tape, first, choice.argument(), trial, name=name)
    return MachineOutcome(
        seed=seed, commands=searched.sent, findings=findings, script=script, tape=_saved(save, stored, script)
    )


def _saved(save: Path | None, tape: StoredTape, script: str) -> str:
    if save is None:
        return ""
    try:
        return str(failures.store(save, tape, script).tape)
    except OSError as error:
        raise SetupError(f"what was found cannot be kept in {save}: {error.strerror}") from error


def _all(trial: Trial, tape: Commands) -> Tried:
    """The tape with all checks, and the book behind each command."""
    return trial.run(tape, plugs.checks(), snapshot_every=1)


def _budget() -> Budget:
    clock = MonotonicClock()
    return Budget(expired=lambda: clock.now_ns() >= SHRINK_NS)
