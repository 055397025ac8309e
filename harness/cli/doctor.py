"""`gonogo doctor`: what works on this machine, and what that means for a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.run import Data, Out


def doctor(
    out: Out = Path("runs"),
    data: Data = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Look at this machine: exit 0 if gonogo can run here, 2 if something that it needs is missing."""
    from harness.compose import doctoring

    symptoms = doctoring.examine(out, data)
    if as_json:
        typer.echo(doctoring.as_json(symptoms))
    else:
        for one in symptoms:
            typer.echo(f"{one.state:<8} {one.what:<14} {one.said}")
    raise typer.Exit(2 if any(one.state == "missing" for one in symptoms) else 0)
