"""`gonogo doctor`: what works on this machine and what that means for a run; with an engine, whether its adapter fits."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.run import Data, Out

EXIT_UNFIT = 1


def doctor(
    out: Out = Path("runs"),
    data: Data = None,
    engine: Annotated[
        str,
        typer.Option(metavar="X", help="Look at this engine instead, as `run` takes it: does it do what it declares?"),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Look at this machine: exit 0 if gonogo can run here, 2 if something that it needs is missing.

    With --engine: a short battery that tells an adapter's mistake from an engine's and proposes what to declare in its engine.toml;
    behind OUCH or FIX also whether it keeps to the rules of its wire, a row a rule. Exit 0 if it fits, 1 if something does not.
    """
    from harness.compose import doctoring

    if engine:
        raise typer.Exit(_examined(engine, as_json=as_json))
    symptoms = doctoring.examine(out, data)
    if as_json:
        typer.echo(doctoring.as_json(symptoms))
    else:
        for one in symptoms:
            typer.echo(f"{one.state:<8} {one.what:<14} {one.said}")
    raise typer.Exit(2 if any(one.state == "missing" for one in symptoms) else 0)


def _examined(name: str, *, as_json: bool) -> int:
    """Print what the battery found out about the engine; the exit code."""
    from harness.cli.console import own_stdout
    from harness.compose import plugs
    from harness.conformance import words
    from harness.conformance.examine import examine

    with own_stdout():
        engine, seen = examine(plugs.engine(name))
    typer.echo(words.as_json(engine, seen) if as_json else words.as_text(engine, seen))
    return 0 if seen.fits else EXIT_UNFIT
