"""`gonogo explore`: try an engine with the hand-made cases and many seeds, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from harness.base.exploration import Exploration
    from harness.base.findings import Finding

Engine = Annotated[
    str, typer.Option(metavar="X", help="The engine under test: a bundled one, a specimen, or an adapter file (.py).")
]
First = Annotated[int, typer.Option("--seed", min=0, help="The first seed.")]
Seeds = Annotated[int, typer.Option(min=0, metavar="N", help="How many seeds; each drives another flow.")]
Length = Annotated[int, typer.Option("--commands", min=1, metavar="N", help="Commands a seed.")]
Cases = Annotated[bool, typer.Option("--cases/--no-cases", help="Whether the hand-made cases are tried first.")]
Json = Annotated[bool, typer.Option("--json", help="Print all outcomes as JSON on stdout; progress goes to stderr.")]
SHOWN = 5


def explore(
    *, engine: Engine = "reference", seed: First = 1, seeds: Seeds = 50, length: Length = 2_000, cases: Cases = True, as_json: Json = False
) -> None:  # fmt: skip
    """Look for a first finding, quickly: exit 1 if there is one. It leaves no evidence and gives no verdict; `gonogo run` does."""
    import msgspec

    from harness.cli import console
    from harness.compose import exploring

    with console.telling() as tell:
        found = exploring.explore(engine, range(seed, seed + seeds), length, tell, cases=cases)
    typer.echo(msgspec.json.encode(found) if as_json else _said(found))
    raise typer.Exit(1 if found.failed() else 0)


def _said(found: Exploration) -> str:
    """The cases and seeds with findings, and how many there were in all."""
    lines = []
    for case in found.cases:
        if case.outcome == "fail":
            lines += [f"FAIL  case {case.name}: {case.about}", *_told(case.finding, case.why)]
    failing = [one for one in found.seeds if one.findings]
    for one in failing[:SHOWN]:
        lines += [f"FAIL  seed {one.seed}, flow of {one.scenario}, {one.commands:,} commands"]
        lines += [line for finding in one.findings for line in _told(finding, "")]
    if len(failing) > SHOWN:
        lines.append(f"      and {len(failing) - SHOWN} more seeds with findings; --json tells all")
    outcomes = [case.outcome for case in found.cases if case.outcome != "left out"]
    cases = f"{outcomes.count('pass')} of {len(outcomes)} cases pass; " if outcomes else ""
    commands = sum(one.commands for one in found.seeds)
    lines.append(
        f"{found.engine}: {cases}{len(failing)} of {len(found.seeds)} seeds with findings, {commands:,} commands"
    )
    return "\n".join(lines)


def _told(finding: Finding | None, why: str) -> list[str]:
    if finding is None:
        return [f"      {why}"]
    from harness.cli.screen import indented

    return [
        f"      {finding.check}: {finding.title} (command {finding.first_command:,})",
        f"      expected  {indented(finding.expected)}",
        f"      got       {indented(finding.got)}",
    ]
