"""Tries an engine with the hand-made cases, the state machine and many seeds, in memory: the quick way to a first finding.

Each seed drives a short tape of one of the flows in turn; all checks look at it. It leaves no evidence and gives no verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import harness
from harness.base.exploration import CaseOutcome, Exploration, MachineOutcome, SeedOutcome
from harness.base.findings import Finding
from harness.base.notes import Case
from harness.compose import plugs, searching
from harness.compose.plugs import EngineChoice
from harness.compose.searching import DEFAULT, Machines
from harness.compose.spreading import cores, spread
from harness.compose.tapes import PROFILE, Tape, drive, drive_seeded
from harness.compose.warming import warm

MADE_BY_HAND = "edge_cases"
"""The scenario of the cases, and the check that judges them."""
A_TASK = 10
"""Seeds that one process tries in a go."""
ALL = 2**40


def explore(
    engine: str, seeds: range, length: int, tell: Callable[[str], None], *, cases: bool = True, machines: Machines = DEFAULT
) -> Exploration:  # fmt: skip
    """Try the cases, search with each seed of `machines`, and drive each of the seeds; on all cores where there are many.

    Raises:
        SetupError: there is no such engine, or it cannot be built.
    """
    # A name that is none is told here, before any process begins.
    plugs.engine(engine)
    warm([engine], plugs.profiles()[PROFILE], tell)
    played = tuple(hand_made(engine)) if cases else ()
    searched: list[MachineOutcome] = []
    for outcome in searching.searches(engine, machines):
        searched.append(outcome)
        failed = sum(one.failed() for one in searched)
        tell(f"{len(searched):,} of {len(machines.seeds):,} searches done, {failed} with findings")
    driven: list[SeedOutcome] = []
    for done in _driven(engine, seeds, length):
        driven += done
        failed = sum(bool(one.findings) for one in driven)
        tell(f"{len(driven):,} of {len(seeds):,} seeds tried, {failed} with findings")
    return Exploration(
        gonogo=harness.__version__, engine=engine, cases=played, seeds=tuple(driven), machines=tuple(searched)
    )


def _driven(engine: str, seeds: range, length: int) -> Iterator[list[SeedOutcome]]:
    """What became of the seeds, some at a time."""
    parts = [seeds[at : at + A_TASK] for at in range(0, len(seeds), A_TASK)]
    work = partial(_tried, engine, length)
    return spread(work, parts) if min(cores(), len(parts)) > 1 else map(work, parts)


def hand_made(engine: str) -> Iterator[CaseOutcome]:
    """What became of each case, under the engine's own conventions."""
    done = drive(plugs.engine(engine), Tape(MADE_BY_HAND, ALL, (MADE_BY_HAND,)), 1)
    if done is None:
        return
    facts = done.facts.get(MADE_BY_HAND)
    failed = {finding.kind: finding for finding in facts.findings} if facts else {}
    answered = int(done.events["command"].max(initial=0))
    why = done.failure or (facts.unknown if facts else "the check could not judge")
    for case in done.notes.cases:
        last = case.first + len(case.expect) - 1
        if not done.unsaid.isdisjoint(range(case.first, last + 1)):
            yield CaseOutcome(
                name=case.name, about=case.about, outcome="left out", why="the engine's wire cannot say it"
            )
        else:
            yield _outcome(case, failed.get(case.name), why if last > answered or not facts else "")
    for name, reason in done.notes.not_tested.items():
        yield CaseOutcome(name=name.removeprefix("case "), about="", outcome="left out", why=reason)


def _outcome(case: Case, finding: Finding | None, why: str) -> CaseOutcome:
    failed = finding is not None or bool(why)
    return CaseOutcome(name=case.name, about=case.about, outcome="fail" if failed else "pass", why=why, finding=finding)


def _tried(engine: str, length: int, seeds: range) -> list[SeedOutcome]:
    """What became of each of these seeds."""
    choice = plugs.engine(engine)
    return [_of_seed(choice, seed, length) for seed in seeds]


def _of_seed(choice: EngineChoice, seed: int, length: int) -> SeedOutcome:
    """What became of its flow."""
    tape, done = drive_seeded(choice, seed, length)
    return SeedOutcome(seed=seed, scenario=tape.scenario, commands=len(done.commands), findings=done.findings())
