"""`gonogo replay`: reproduce a finding against a fresh engine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

CODES = {"FIXED": 0, "STILL FAILING": 1, "ERROR": 2}


def replay(
    finding: Annotated[str, typer.Argument(metavar="ID", help="The id of a finding, as a report tells it.")],
    engine: Annotated[
        str, typer.Option(metavar="X", help="Another engine than the one that the finding is about.")
    ] = "",
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Where run folders are looked for, and the replay goes.")
    ] = Path("runs"),
) -> None:
    """Drive the recorded commands again: STILL FAILING (exit 1), FIXED (0) or ERROR (2)."""
    from harness.cli import screen, stopping
    from harness.compose import replaying

    with screen.watching() as view, stopping.asked() as stopped:
        done = replaying.replay(finding, out, engine, view, stopped)
    typer.echo(f"{done.outcome}  {done.finding.title}")
    typer.echo(f"  engine    {done.engine}, {done.commands:,} recorded commands of scenario {done.finding.scenario}")
    typer.echo(f"  expected  {screen.indented(done.finding.expected)}")
    typer.echo(f"  got       {screen.indented(done.said or 'what was expected')}")
    typer.echo(f"  report    {screen.near(done.folder / 'report.html')}")
    raise typer.Exit(CODES[done.outcome])
