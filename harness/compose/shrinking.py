"""Makes the tape of a finding small: its recorded commands, tried in memory again and again, and what is left saved in the run folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from harness.base.clock import Clock
from harness.base.findings import Finding
from harness.base.judgement import JudgedFinding
from harness.base.records import Commands, command_rows, event_rows
from harness.compose import plugs, replaying
from harness.compose.again import Again
from harness.compose.replaying import Outcome
from harness.compose.trial import Trial
from harness.evidence import failures
from harness.evidence.failures import Failure
from harness.evidence.tape import StoredTape, told
from harness.shrink.shrinker import Budget, Shrunk, shrink
from harness.shrink.tries import Sight, Step

SPARE = 2
"""How much more than the commands up to the finding is read: what counts to many needs fewer of more sorts to choose from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What may be spent, and who watches."""

    clock: Clock
    budget_ns: int
    tell: Callable[[str], None]
    stopped: Callable[[], bool]

    def step(self, step: Step) -> None:
        """Say how far it is."""
        self.tell(f"{step.commands:,} commands after {step.tries:,} tries: {step.what}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What came of it."""

    outcome: Outcome
    finding: JudgedFinding
    engine: str
    before: int
    """Commands of the recorded tape: those up to the finding, and some more."""
    shrunk: Shrunk | None
    """None where the tape no longer fails."""
    script: str
    files: Failure | None
    said: str
    """Why nothing can be said, where the outcome is an error."""


def make_small(name: str, out: Path, engine: str, work: Work) -> Made:
    """Shrink the tape of a finding and save it as `failures/<id>/` of its run.

    Raises:
        SetupError: the finding, its commands or the engine is not there.
    """
    archive, finding = replaying.find(name, out)
    choice = plugs.engine(engine or archive.run.asked)
    record = archive.scenario(finding.scenario)
    tape = replaying.tape(archive, record, SPARE * replaying.reach(finding, record))
    (commands,) = tape.parts
    work.tell(f"trying {len(commands):,} recorded commands of {finding.scenario} on {choice.name}")
    until_ns = work.clock.now_ns() + work.budget_ns
    budget = Budget(expired=lambda: work.stopped() or work.clock.now_ns() >= until_ns)
    with Trial(choice, record.instruments, record.conventions, record.controls) as trial:
        again = Again(trial, finding.check, finding.kind)
        again.within(commands, tape.told.cases)
        shrunk = smaller(again, commands, Sight(finding.first_command, finding.orders), budget, work.step)
        if shrunk is None:
            why = again.why_unknown()
            return Made(
                outcome="ERROR" if why else "FIXED", finding=finding, engine=choice.name, before=len(commands), shrunk=None,
                script="", files=None, said=why,
            )  # fmt: skip
        stored, script = stored_as(again, shrunk.tape, finding, choice.argument(), trial, name=finding.id)
    return Made(
        outcome="STILL FAILING", finding=finding, engine=choice.name, before=len(commands), shrunk=shrunk, script=script,
        files=failures.store(archive.folder, stored, script), said="",
    )  # fmt: skip


def smaller(
    again: Again, commands: Commands, seen: Sight, budget: Budget, heard: Callable[[Step], None] = lambda _: None
) -> Shrunk | None:
    """The commands made few and simple; None if they do not show the finding.

    Each tape is tried once. Should the whole show nothing, the engine may have its good moments: then each is tried more often.
    """
    seen = Sight(min(seen.number, len(commands)), seen.orders)
    tries = (shrink(commands, seen, ask, budget, heard) for ask in (again, again.ever))
    return next(filter(None, tries), None)


def stored_as(
    again: Again, tape: Commands, known: Finding | JudgedFinding, engine: str, trial: Trial, *, name: str
) -> tuple[StoredTape, str]:
    """The tape as it is stored, and as a script; it is tried once more for what the engine says to each command.

    `known` is what was found before it was made small, `engine` what names it on the command line, `name` the id that the tape gets.
    """
    again.ever(tape)
    found = again.finding or known
    stored = StoredTape(
        finding=name, engine=engine, check=known.check, kind=known.kind, title=found.title, expected=found.expected,
        got=found.got, conventions=trial.engine.conventions, instruments=trial.engine.instruments, controls=trial.engine.controls, cases=again.cases(tape), commands=told(tape),
    )  # fmt: skip
    events = event_rows(again.tried.events) if again.tried else []
    return stored, failures.script_of(stored, command_rows(tape), events, found.first_command)
