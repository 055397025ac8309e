"""`gonogo explore`: try an engine with the hand-made cases, the state machine and many seeds, in memory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from harness.base.exploration import Exploration, MachineOutcome, SeedOutcome
    from harness.base.findings import Finding

Engine = Annotated[
    str,
    typer.Option(
        metavar="X",
        help="The engine under test: a bundled one, a specimen, an engine.toml, an adapter file (.py), a shared library (.so), or module:attribute.",
    ),
]
First = Annotated[int, typer.Option("--seed", min=0, help="The first seed.")]
Seeds = Annotated[int, typer.Option(min=0, metavar="N", help="How many seeds; each drives another flow.")]
Length = Annotated[int, typer.Option("--commands", min=1, metavar="N", help="Commands a seed.")]
Searches = Annotated[
    int, typer.Option("--machines", min=0, metavar="N", help="How many searches of the state machine, a seed each.")
]
Examples = Annotated[int, typer.Option(min=1, metavar="N", help="Sequences that a search tries.")]
Steps = Annotated[int, typer.Option(min=1, metavar="N", help="Commands of a sequence, at most.")]
Save = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", help="Keep what a search finds as DIR/failures/ID: a tape, a pytest file and a script."
    ),
]
Cases = Annotated[bool, typer.Option("--cases/--no-cases", help="Whether the hand-made cases are tried first.")]
Json = Annotated[bool, typer.Option("--json", help="Print all outcomes as JSON on stdout; progress goes to stderr.")]
SHOWN = 5


def explore(
    *, engine: Engine = "reference", seed: First = 1, seeds: Seeds = 50, length: Length = 2_000, machines: Searches = 4,
    examples: Examples = 50, steps: Steps = 30, save: Save = None, cases: Cases = True, as_json: Json = False,
) -> None:  # fmt: skip
    """Look for a first finding, quickly: exit 1 if there is one. It leaves no evidence and gives no verdict; `gonogo run` does."""
    import msgspec

    from harness.cli import console
    from harness.compose import exploring
    from harness.compose.searching import Machines

    asked = Machines(seeds=range(seed, seed + machines), examples=examples, steps=steps, save=save)
    with console.telling() as tell:
        found = exploring.explore(engine, range(seed, seed + seeds), length, tell, cases=cases, machines=asked)
    typer.echo(msgspec.json.encode(found) if as_json else _said(found))
    raise typer.Exit(1 if found.failed() else 0)


def _said(found: Exploration) -> str:
    """The cases, searches and seeds with findings, and how many there were in all."""
    lines = []
    for case in found.cases:
        if case.outcome == "fail":
            lines += [f"FAIL  case {case.name}: {case.about}", *_told(case.finding, case.why)]
    searches = [_of_machine(one) for one in found.machines if one.failed()]
    seeds = [_of_seed(one) for one in found.seeds if one.findings]
    for several, what in ((searches, "searches"), (seeds, "seeds")):
        lines += [line for one in several[:SHOWN] for line in one]
        if len(several) > SHOWN:
            lines.append(f"      and {len(several) - SHOWN} more {what} with findings; --json tells all")
    return "\n".join([*lines, _summed(found, len(searches), len(seeds))])


def _summed(found: Exploration, searches: int, seeds: int) -> str:
    """One line of how much was tried; what was not asked for is left out."""
    outcomes = [case.outcome for case in found.cases if case.outcome != "left out"]
    commands = sum(one.commands for one in found.seeds) + sum(one.commands for one in found.machines)
    parts = [f"{outcomes.count('pass')} of {len(outcomes)} cases pass"] if outcomes else []
    parts += [f"{searches} of {len(found.machines)} searches with findings"] if found.machines else []
    parts += [f"{seeds} of {len(found.seeds)} seeds with findings, {commands:,} commands"]
    return f"{found.engine}: {'; '.join(parts)}"


def _of_machine(one: MachineOutcome) -> list[str]:
    from harness.cli.screen import indented

    lines = [f"FAIL  search of seed {one.seed}, after {one.commands:,} commands"]
    lines += [f"      {indented(text.rstrip(), 6)}" for text in (one.script, one.failure) if text]
    lines += [f"      also {finding.check}: {finding.title}" for finding in one.findings[1:]]
    kept = one.tape or "not kept; --save DIR keeps these commands and a pytest file of them"
    return [*lines, *([f"      tape  {kept}"] if one.script else []), f"      again {one.again}"]


def _of_seed(one: SeedOutcome) -> list[str]:
    lines = [f"FAIL  seed {one.seed}, flow of {one.scenario}, {one.commands:,} commands"]
    return lines + [line for finding in one.findings for line in _told(finding, "")]


def _told(finding: Finding | None, why: str) -> list[str]:
    if finding is None:
        return [f"      {why}"]
    from harness.cli.screen import indented

    return [
        f"      {finding.check}: {finding.title} (command {finding.first_command:,})",
        f"      expected  {indented(finding.expected)}",
        f"      got       {indented(finding.got)}",
    ]
