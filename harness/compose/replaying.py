"""Reproduces a finding: the recorded commands up to its place, against a fresh engine, judged by the same check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec
import numpy as np

from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.errors import SetupError
from harness.base.judgement import JudgedFinding
from harness.base.notes import FlowNotes
from harness.base.records import COMMAND, NONE, Commands
from harness.base.seeds import Seed
from harness.compose import plugs, running
from harness.compose.again import Again
from harness.compose.driving import Planned, View
from harness.compose.redrawing import redraw
from harness.compose.trial import Trial
from harness.evidence.archive import Archive
from harness.evidence.run import ScenarioRecord
from harness.evidence.tape import StoredTape, read_tape
from harness.instruments.drive import Drive
from harness.instruments.relate import Relate
from harness.pacing import Unpaced
from harness.policy import GATE
from harness.scenario import Scenario

Outcome: TypeAlias = Literal["STILL FAILING", "FIXED", "ERROR"]
MARGIN = 64
"""Commands after the finding's own: some checks see a fault only when the next commands are answered."""
DRIVE, RELATE = (instrument.__name__.lower() for instrument in (Drive, Relate))
"""As scenario.json names the instruments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tape:
    """Commands that are there already, as a flow."""

    parts: tuple[Commands, ...]
    traded: tuple[Instrument, ...]
    told: FlowNotes

    def fitted(self, capabilities: Capabilities, conventions: Conventions) -> Tape:
        del capabilities, conventions
        return self

    def instruments(self) -> tuple[Instrument, ...]:
        return self.traded

    def batches(self, seed: Seed) -> Iterator[Commands]:
        del seed
        yield from self.parts

    def notes(self) -> FlowNotes:
        return self.told

    def __repr__(self) -> str:
        return f"Tape({self.count} commands)"

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(map(len, self.parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What came of it."""

    outcome: Outcome
    finding: JudgedFinding
    engine: str
    commands: int
    said: str
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """What came of a tape that lies in a file of its own."""

    outcome: Outcome
    tape: StoredTape
    engine: str
    said: str


def replay_tape(path: Path, engine: str) -> Retried:
    """Try a stored tape in memory, on the engine that it names or on another one, and look for its finding.

    Raises:
        SetupError: the tape or the engine cannot be used.
    """
    stored = read_tape(path)
    choice = plugs.engine(engine or stored.engine)
    commands = stored.records()
    with Trial(choice, stored.instruments, stored.conventions, stored.controls) as trial:
        again = Again(trial, stored.check, stored.kind)
        again.within(commands, stored.cases)
        seen = again.ever(commands)
        strange = (
            ""
            if trial.engine.conventions == stored.conventions
            else "the tape is about other conventions than the engine's own"
        )
    if seen and again.finding:
        return Retried(outcome="STILL FAILING", tape=stored, engine=choice.name, said=again.finding.got)
    said = strange or again.why_unknown()
    return Retried(outcome="ERROR" if said else "FIXED", tape=stored, engine=choice.name, said=said)


def find(name: str, out: Path) -> tuple[Archive, JudgedFinding]:
    """The newest run under `out` that holds the finding.

    Raises:
        SetupError: there is none.
    """
    folders = sorted(
        {path.parent.resolve() for path in out.glob("**/verdict.json")}, key=lambda folder: folder.name, reverse=True
    )
    for folder in folders:
        archive = Archive(folder)
        for finding in archive.verdict().findings:
            if finding.id == name:
                return archive, finding
    raise SetupError(
        f"no run under {out} holds a finding {name!r} (looked into {len(folders)} runs); name another folder with --out"
    )


def replay(name: str, out: Path, engine: str, view: View, stopped: Callable[[], bool]) -> Replayed:
    """Drive the recorded commands again and look for the same kind of finding of the same check.

    Raises:
        SetupError: the finding or the engine is not there.
    """
    archive, finding = find(name, out)
    choice = plugs.engine(engine or archive.run.asked)
    order = running.Order(
        name=f"replay-{name}", scenarios=(finding.scenario,), engine=choice, out=out,
        policy=plugs.policy(archive.folder / "policy.toml"), use=archive.run.use, seed=archive.run.seed,
    )  # fmt: skip
    record = archive.scenario(finding.scenario)
    flow = tape(archive, record, reach(finding, record))
    scenario = Scenario(
        about=f"replay of {name}", flow=flow, instrument=_instrument(record, flow.count),
        checks=(GATE, finding.check), conventions=record.conventions, controls=record.controls,
    )  # fmt: skip
    again, verdict = running.run_planned(order, (_planned(order, finding.scenario, scenario),), {}, view, stopped)
    same = [one for one in verdict.findings if (one.check, one.kind) == (finding.check, finding.kind)]
    failed = again.scenario(finding.scenario).failure or ("" if again.run.status == "finished" else again.run.status)
    said = same[0].got if same else failed
    outcome: Outcome = "STILL FAILING" if same else "ERROR" if failed else "FIXED"
    return Replayed(
        outcome=outcome,
        finding=finding,
        engine=choice.name,
        commands=flow.count,
        said=said,
        folder=again.folder,
    )


def _planned(order: running.Order, name: str, scenario: Scenario) -> Planned:
    engine = order.engine.engine(scenario.flow.instruments(), scenario.conventions, scenario.controls)
    return Planned(name=name, scenario=scenario, flow=scenario.flow, pacing=Unpaced(), engine=engine)


def reach(finding: JudgedFinding, record: ScenarioRecord) -> int:
    """The number of the last command that may be needed to see the finding; how a relation changes a tape may hang on all of it."""
    if record.instrument == RELATE:
        return record.commands
    return (finding.first_command or record.commands) + MARGIN


def tape(archive: Archive, record: ScenarioRecord, upto: int) -> Tape:
    """The recorded commands up to number `upto`, with the hand-made cases that lie wholly among them.

    Raises:
        EvidenceError: the history dropped some of them, and the seed does not give them again.
    """
    parts = [np.zeros(0, COMMAND)]
    dropped = archive.gone(record.name) != "nothing"
    for commands in archive.commands(record.name, redraw(archive, record.name) if dropped else None):
        parts.append(commands[commands["number"] <= upto])
        if len(commands) and int(commands["number"][-1]) >= upto:
            break
    commands = np.concatenate(parts)
    commands["due_ns"] = commands["sent_ns"] = NONE
    cases = tuple(case for case in record.notes.cases if case.first + len(case.expect) <= len(commands) + 1)
    return Tape(parts=(commands,), traded=record.instruments, told=msgspec.structs.replace(record.notes, cases=cases))


def _instrument(record: ScenarioRecord, commands: int) -> Drive | Relate:
    """What drives as many commands as the tape holds: as it was set, or a plain drive for what a search has found."""
    if record.instrument == RELATE:
        return replace(Relate(**record.settings), commands=commands, duration_ns=0)
    again = Drive(**record.settings) if record.instrument == DRIVE else Drive()
    return replace(again, commands=commands, duration_ns=0)
