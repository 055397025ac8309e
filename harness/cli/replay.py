"""`gonogo replay`: reproduce a finding against a fresh engine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

CODES = {"FIXED": 0, "STILL FAILING": 1, "ERROR": 2}


def replay(
    finding: Annotated[
        str,
        typer.Argument(
            metavar="ID|TAPE", help="The id of a finding, as a report tells it, or a tape.json of `gonogo shrink`."
        ),
    ],
    engine: Annotated[
        str, typer.Option(metavar="X", help="Another engine than the one that the finding is about.")
    ] = "",
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Where run folders are looked for, and the replay goes.")
    ] = Path("runs"),
) -> None:
    """Drive the recorded commands again: STILL FAILING (exit 1), FIXED (0) or ERROR (2)."""
    from harness.cli import console, screen, stopping
    from harness.compose import replaying

    if finding.endswith(".json") or (Path(finding) / "tape.json").is_file():
        with console.own_stdout():
            tried = replaying.replay_tape(Path(finding), engine)
        wanted = tried.tape
        _tell(
            wanted.title,
            wanted.expected,
            tried.outcome,
            tried.said,
            f"{tried.engine}, {len(wanted.commands):,} commands of a tape",
        )
        raise typer.Exit(CODES[tried.outcome])
    with screen.watching() as view, stopping.asked() as stopped:
        done = replaying.replay(finding, out, engine, view, stopped)
    driven = f"{done.engine}, {done.commands:,} recorded commands of scenario {done.finding.scenario}"
    _tell(done.finding.title, done.finding.expected, done.outcome, done.said, driven)
    typer.echo(f"  report    {screen.near(done.folder / 'report.html')}")
    raise typer.Exit(CODES[done.outcome])


def _tell(title: str, expected: str, outcome: str, said: str, driven: str) -> None:
    from harness.cli import screen

    typer.echo(f"{outcome}  {title}")
    typer.echo(f"  engine    {driven}")
    typer.echo(f"  expected  {screen.indented(expected)}")
    typer.echo(f"  got       {screen.indented(said or 'what was expected')}")
