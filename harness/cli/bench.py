"""`gonogo bench`: what the bundled engine and gonogo's own parts cost on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

QUICK_SHARE = 0.05

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="[BENCH]...", help="What to measure; `gonogo list bench` names them. Default: all."),
]
Rounds = Annotated[int, typer.Option(min=1, max=100, help="How often each figure is taken; its median is told.")]
Quick = Annotated[bool, typer.Option("--quick", help="A twentieth of the work: a first look, not a figure to quote.")]
Json = Annotated[bool, typer.Option("--json", help="Print the figures as JSON on stdout; progress goes to stderr.")]


def bench(names: Names = None, *, rounds: Rounds = 3, quick: Quick = False, as_json: Json = False) -> None:
    """Measure, each figure beside a baseline of the same run: exit 0, or 1 if some work was not done right."""
    import msgspec

    from harness.cli import console, figures
    from harness.compose import benching

    with console.telling() as tell:
        report = benching.bench(names or (), rounds, QUICK_SHARE if quick else 1.0, tell)
    if as_json:
        typer.echo(msgspec.json.encode(report))
    else:
        figures.show(report)
    raise typer.Exit(0 if report.correct() else 1)
